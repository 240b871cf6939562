// What a process says by the number it ends with.
import { CpralError, type StatusName } from '../shared/errors.ts';

export const EXIT = { ok: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** The caller can mend these: a flag, a file, an id. Trying again unchanged cannot help. */
const INPUT_ERRORS: readonly StatusName[] = [
  'INVALID_ARGUMENT',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'FAILED_PRECONDITION',
  'OUT_OF_RANGE',
];

export function exitCodeOf(error: unknown): number {
  return error instanceof CpralError && INPUT_ERRORS.includes(error.code) ? EXIT.usage : EXIT.failed;
}

/** The flags behind the protocol's fields, by the last part of their path. */
const FLAGS: Readonly<Record<string, string>> = {
  strategy: '--strategy',
  cycles: '--cycles',
  initial_images: '--initial',
  subset_images: '--subset',
  budget_images: '--budget',
  region_size_px: '--region',
  size: '--size',
  passes: '--passes',
  seed: '--seed',
  oracle_noise: '--oracle-noise',
  batch_size: '--batch',
  epochs: '--epochs',
  steps: '--steps',
  encoder: '--encoder',
  encoder_weights: '--encoder-weights',
  home: '--home',
  listen: '--listen',
};

/** An error in one line, beginning with the flag where a field of a request is to blame. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const text = error.message.replaceAll(/\s*\n\s*/g, ' ');
  if (!(error instanceof CpralError) || error.field === undefined || text.startsWith('--')) return text;
  const flag = FLAGS[error.field.split('.').at(-1)!];
  if (flag === undefined) return text;
  return `${flag}: ${text.startsWith(`${error.field}: `) ? text.slice(error.field.length + 2) : text}`;
}
