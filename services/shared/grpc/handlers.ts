// Handlers as async functions: one shape for each kind of call that the services use.
import type {
  handleClientStreamingCall,
  handleServerStreamingCall,
  handleUnaryCall,
  ServerErrorResponse,
  ServiceError,
} from '@grpc/grpc-js';
import { CpralError } from '../errors.ts';
import type { Log } from '../log.ts';
import { toServiceError } from './status.ts';

export interface CallContext {
  /** Aborts when the caller goes away or its deadline passes. */
  readonly signal: AbortSignal;
}

export function unary<Req, Res>(
  log: Log,
  handler: (request: Req, context: CallContext) => Promise<Res>,
): handleUnaryCall<Req, Res> {
  return (call, callback) => {
    handler(call.request, { signal: cancelled(call) }).then(
      (response) => callback(null, response),
      (error) => callback(report(log, call.getPath(), error) as ServiceError),
    );
  };
}

/** Messages are pulled from the handler only as fast as the client reads them. */
export function serverStream<Req, Res>(
  log: Log,
  handler: (request: Req, context: CallContext) => AsyncIterable<Res>,
): handleServerStreamingCall<Req, Res> {
  return async (call) => {
    const signal = cancelled(call);
    try {
      for await (const message of handler(call.request, { signal })) {
        if (signal.aborted) return;
        if (!call.write(message)) await drained(call, signal);
      }
      call.end();
    } catch (error) {
      if (!signal.aborted) call.emit('error', report(log, call.getPath(), error) as ServerErrorResponse);
    }
  };
}

export function clientStream<Req, Res>(
  log: Log,
  handler: (requests: AsyncIterable<Req>, context: CallContext) => Promise<Res>,
): handleClientStreamingCall<Req, Res> {
  return (call, callback) => {
    handler(call, { signal: cancelled(call) }).then(
      (response) => callback(null, response),
      (error) => callback(report(log, call.getPath(), error) as ServiceError),
    );
  };
}

interface Cancellable {
  readonly cancelled: boolean;
  once(event: 'cancelled' | 'drain', listener: () => void): unknown;
}

function cancelled(call: Cancellable): AbortSignal {
  const controller = new AbortController();
  call.once('cancelled', () => controller.abort(new CpralError('CANCELLED', 'the caller went away')));
  return controller.signal;
}

function drained(call: Cancellable, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    // A long stream waits many thousand times: nothing of it may stay on the signal.
    const done = () => {
      signal.removeEventListener('abort', done);
      resolve();
    };
    call.once('drain', done);
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}

function report(log: Log, method: string, error: unknown): Partial<ServiceError> {
  const expected = error instanceof CpralError && error.code !== 'INTERNAL' && error.code !== 'DATA_LOSS';
  if (expected) log.debug({ method, code: error.code, reason: error.reason }, error.message);
  else log.error({ method, err: error }, 'call failed');
  return toServiceError(error);
}
