// One error class for everything that a caller can mend or must know: a gRPC status code, a field, a reason.
import type { status } from '@grpc/grpc-js';

export type StatusName = keyof typeof status;

export interface CpralErrorOptions {
  /** What programs switch on, UPPER_SNAKE_CASE, stable across releases. */
  readonly reason?: string;
  /** The request field or command-line flag that is wrong. */
  readonly field?: string;
  /** How long to wait before trying again. */
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

export class CpralError extends Error {
  override readonly name = 'CpralError';
  readonly code: StatusName;
  readonly reason: string;
  readonly field: string | undefined;
  readonly retryAfterMs: number | undefined;

  /** @param message one sentence: what was expected and what arrived, naming the file, flag or field */
  constructor(code: StatusName, message: string, options: CpralErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.reason = options.reason ?? code;
    this.field = options.field;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** The caller's input is wrong; trying again unchanged cannot help. */
export function invalid(message: string, options: CpralErrorOptions = {}): CpralError {
  return new CpralError('INVALID_ARGUMENT', message, options);
}

/** A bug if it ever fails: use it for what must hold, never for input. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${message}`);
}
