// Handlers as async functions: one shape for each kind of call that the services use.
import type {
  handleClientStreamingCall,
  handleServerStreamingCall,
  handleUnaryCall,
  ServerErrorResponse,
  ServiceError,
  sendUnaryData,
} from '@grpc/grpc-js';
import { CpralError, type StatusName } from '../errors.ts';
import type { Log } from '../log.ts';
import { observeCall } from './observe-call.ts';
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
    const signal = cancelled(call);
    observeCall(call, call.request, () =>
      answer(log, call.getPath(), callback, () => handler(call.request, { signal })),
    );
  };
}

/** Messages are pulled from the handler only as fast as the client reads them. */
export function serverStream<Req, Res>(
  log: Log,
  handler: (request: Req, context: CallContext) => AsyncIterable<Res>,
): handleServerStreamingCall<Req, Res> {
  return (call) => {
    const signal = cancelled(call);
    observeCall(call, call.request, async () => {
      try {
        for await (const message of handler(call.request, { signal })) {
          if (signal.aborted) return 'CANCELLED';
          if (!call.write(message)) await drained(call, signal);
        }
        call.end();
        return 'OK';
      } catch (error) {
        if (signal.aborted) return 'CANCELLED';
        call.emit('error', report(log, call.getPath(), error) as ServerErrorResponse);
        return codeOf(error);
      }
    });
  };
}

export function clientStream<Req, Res>(
  log: Log,
  handler: (requests: AsyncIterable<Req>, context: CallContext) => Promise<Res>,
): handleClientStreamingCall<Req, Res> {
  return (call, callback) => {
    const signal = cancelled(call);
    observeCall(call, {}, () => answer(log, call.getPath(), callback, () => handler(call, { signal })));
  };
}

async function answer<Res>(
  log: Log,
  method: string,
  callback: sendUnaryData<Res>,
  handle: () => Promise<Res>,
): Promise<StatusName> {
  let response: Res;
  try {
    response = await handle();
  } catch (error) {
    callback(report(log, method, error) as ServiceError);
    return codeOf(error);
  }
  callback(null, response);
  return 'OK';
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

/** As the caller is told: errors that are not ours are internal. */
function codeOf(error: unknown): StatusName {
  return error instanceof CpralError ? error.code : 'INTERNAL';
}

function report(log: Log, method: string, error: unknown): Partial<ServiceError> {
  const expected = error instanceof CpralError && error.code !== 'INTERNAL' && error.code !== 'DATA_LOSS';
  if (expected) log.debug({ method, code: error.code, reason: error.reason }, error.message);
  else log.error({ method, err: error }, 'call failed');
  return toServiceError(error);
}
