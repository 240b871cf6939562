// One structured line per decision, with the ids it concerns.
import pino from 'pino';

export type Log = pino.Logger;

export function createLog(service: string, level: string): Log {
  return pino(
    { level, base: { service }, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ fd: 2, sync: false }),
  );
}
