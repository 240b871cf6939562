// What parent and child of the compute process say to each other.
import type { Progress } from '../../../proto/gen/cpral/v1/trainer.ts';
import { CpralError, type StatusName } from '../errors.ts';
import type { TensorFlowDescription } from '../tensorflow/tensorflow.ts';

export interface RunMessage {
  readonly module: string;
  readonly spec: unknown;
  /** Of whoever wants the work done; absent where there are no traces. */
  readonly traceparent?: string | undefined;
}

export type ChildMessage =
  | { readonly type: 'tensorflow'; readonly tensorflow: TensorFlowDescription }
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'training-step'; readonly seconds: number }
  | { readonly type: 'result'; readonly result: unknown; readonly seconds: number; readonly residentBytes: number }
  | { readonly type: 'error'; readonly error: PlainError; readonly residentBytes: number };

export interface PlainError {
  readonly code: StatusName | undefined;
  readonly message: string;
  readonly reason: string | undefined;
  readonly field: string | undefined;
  readonly stack: string | undefined;
}

export function toPlainError(error: unknown): PlainError {
  const known = error instanceof CpralError ? error : undefined;
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return { code: known?.code, message, reason: known?.reason, field: known?.field, stack };
}

export function fromPlainError({ code, message, reason, field, stack }: PlainError): Error {
  const cause = { stack };
  if (!code) return Object.assign(new Error(message, { cause }), stack ? { stack } : {});
  return new CpralError(code, message, { ...(reason && { reason }), ...(field && { field }), cause });
}
