// Calls whose requests are a stream: messages are sent as fast as the other side takes them.
import type { ServiceError } from '@grpc/grpc-js';
import { fromServiceError } from './status.ts';

interface Writable<Req> {
  write(message: Req): boolean;
  end(): void;
  cancel(): void;
  once(event: 'drain', listener: () => void): unknown;
}

/** Writes messages as fast as the other side reads them; the answer, or the error, may come before the last of them. */
export async function clientStream<Req, Res>(
  open: (done: (error: ServiceError | null, response: Res) => void) => Writable<Req>,
  requests: AsyncIterable<Req> | Iterable<Req>,
  signal: AbortSignal,
): Promise<Res> {
  signal.throwIfAborted();
  const answer = Promise.withResolvers<Res>();
  let settled = false;
  /** Set while a message waits for room: the answer may come instead. */
  let goOn = () => {};
  const writable = open((error, response) => {
    settled = true;
    goOn();
    if (error) answer.reject(fromServiceError(error));
    else answer.resolve(response);
  });
  const cancel = () => writable.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  // The error is thrown where the answer is awaited, which may be later than it arrives.
  answer.promise.catch(() => {});
  try {
    for await (const request of requests) {
      if (settled) break;
      if (writable.write(request)) continue;
      // Not a race with the answer's promise, which would keep a reaction for every time that a long stream waits.
      await new Promise<void>((resolve) => {
        goOn = resolve;
        writable.once('drain', resolve);
      });
    }
    writable.end();
    return await answer.promise;
  } catch (error) {
    writable.cancel();
    throw error;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}
