// Chooses how progress is shown: bars on a terminal, lines elsewhere. It goes to the standard error output always.
import { environment } from '../environment.ts';
import type { Io } from '../io.ts';
import { barView } from './bar-view.ts';
import { lineView } from './line-view.ts';
import { type ProgressView, processClock } from './view.ts';

export function openProgress({ stderr }: Io): ProgressView {
  const terminal = 'isTTY' in stderr && stderr.isTTY && environment.TERM !== 'dumb';
  if (terminal) return barView(stderr, processClock);
  return lineView((line) => stderr.write(`${line}\n`), processClock);
}
