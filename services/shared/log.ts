// One structured line per decision, with the ids it concerns.
import pino from 'pino';
import { lineIds } from './telemetry/log-ids.ts';

export type Log = pino.Logger;

/** For a service of its own: lines on stderr, for whatever collects them. */
export function createLog(service: string, level: string): Log {
  return createLogTo(service, level, pino.destination({ fd: 2, sync: false }));
}

/** For the embedded services: the terminal belongs to the person, the lines to a file. */
export function createFileLog(service: string, level: string, file: string): Log {
  return createLogTo(service, level, pino.destination({ dest: file, sync: false, mkdir: true }));
}

/** For lines that go elsewhere. */
export function createLogTo(service: string, level: string, destination: pino.DestinationStream): Log {
  const timestamp = pino.stdTimeFunctions.isoTime;
  return pino({ level, base: { service }, timestamp, mixin: lineIds }, destination);
}
