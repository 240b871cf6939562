// Calls as promises and async iterables, with a deadline on each.
import {
  type CallOptions,
  type ChannelOptions,
  type ClientOptions,
  type ClientReadableStream,
  type ClientUnaryCall,
  Metadata,
  type ServiceError,
} from '@grpc/grpc-js';
import { propagation } from '@opentelemetry/api';
import { type Bearer, sendToken } from './send-token.ts';
import { fromServiceError } from './status.ts';
import { traceCall } from './trace-call.ts';

export interface CallSettings {
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * What every client is made with; those that are made before tracing starts take no part in it.
 * @param bearer who calls; absent: nobody, or whom the connection's certificate names
 */
export function clientOptions(channel: ChannelOptions = {}, bearer?: () => Bearer | undefined): ClientOptions {
  const isTracing = propagation.fields().length > 0;
  const interceptors = [...(isTracing ? [traceCall] : []), ...(bearer ? [sendToken(bearer)] : [])];
  return interceptors.length > 0 ? { ...channel, interceptors } : channel;
}

type UnaryMethod<Req, Res> = (
  request: Req,
  metadata: Metadata,
  options: Partial<CallOptions>,
  callback: (error: ServiceError | null, response: Res) => void,
) => ClientUnaryCall;

/** Calls a unary method, for instance `call(registry.getCampaign.bind(registry), { campaignId }, { deadlineMs: 5_000 })`. */
export function call<Req, Res>(method: UnaryMethod<Req, Res>, request: Req, settings: CallSettings): Promise<Res> {
  return new Promise((resolve, reject) => {
    const pending = method(
      request,
      new Metadata(),
      { deadline: Date.now() + settings.deadlineMs },
      (error, response) => {
        settings.signal?.removeEventListener('abort', cancel);
        if (error) reject(fromServiceError(error));
        else resolve(response);
      },
    );
    const cancel = () => pending.cancel();
    settings.signal?.addEventListener('abort', cancel, { once: true });
  });
}

/** Reads a server's stream; leaving the loop cancels the call. */
export async function* messages<Res>(stream: ClientReadableStream<Res>): AsyncGenerator<Res> {
  try {
    for await (const message of stream) yield message as Res;
  } catch (error) {
    throw fromServiceError(error as ServiceError);
  } finally {
    stream.cancel();
  }
}
