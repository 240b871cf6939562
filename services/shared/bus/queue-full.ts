// The refusal of a queue that takes no more.
import { CpralError } from '../errors.ts';

const RETRY_AFTER_MS = 5_000;

export function queueFull(cause?: unknown): CpralError {
  return new CpralError(
    'RESOURCE_EXHAUSTED',
    'the work queue is full: expected room for more work, it takes none for now',
    {
      reason: 'QUEUE_FULL',
      retryAfterMs: RETRY_AFTER_MS,
      ...(cause !== undefined && { cause }),
    },
  );
}
