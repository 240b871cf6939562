// A log whose lines a test can read.
import { createLogTo, type Log } from '../../services/shared/log.ts';

export interface LogLines {
  readonly log: Log;
  readonly lines: readonly Readonly<Record<string, unknown>>[];
}

export function logLines(service: string): LogLines {
  const lines: Record<string, unknown>[] = [];
  const log = createLogTo(service, 'debug', { write: (line) => void lines.push(JSON.parse(line)) });
  return { log, lines };
}
