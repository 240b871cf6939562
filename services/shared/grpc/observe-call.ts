// A call as its server sees it: a span in the caller's trace, seconds and status code as a metric, the request's ids on every log line.
// Names by https://opentelemetry.io/docs/specs/semconv/rpc/grpc/

import type { Metadata } from '@grpc/grpc-js';
import { context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, type TextMapGetter } from '@opentelemetry/api';
import type { StatusName } from '../errors.ts';
import { idsOfRequest, withLogIds } from '../telemetry/log-ids.ts';
import { grpcServerRequestSeconds } from '../telemetry/metrics.ts';
import { inSpan } from '../telemetry/spans.ts';
import { asCallerOf } from './guard.ts';

export interface ObservedCall {
  readonly metadata: Metadata;
  getPath(): string;
}

/** Codes that say that the server, not the caller, is at fault. */
const FAULTS: readonly StatusName[] = [
  'UNKNOWN',
  'DEADLINE_EXCEEDED',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
];

/**
 * @param request what is known of the request when the call begins
 * @param serve answers the call, and returns how it ended; does not throw
 */
export function observeCall(call: ObservedCall, request: unknown, serve: () => Promise<StatusName>): void {
  const method = call.getPath().slice(1);
  const attributes = { 'rpc.system.name': 'grpc', 'rpc.method': method };
  const stopTimer = grpcServerRequestSeconds.startTimer({ method });
  const answer = () =>
    inSpan(method, { kind: SpanKind.SERVER, attributes }, async (span) => {
      const code = await serve();
      stopTimer({ code });
      span.setAttribute('rpc.status_code', code);
      if (!FAULTS.includes(code)) return;
      span.setAttribute('error.type', code);
      span.setStatus({ code: SpanStatusCode.ERROR });
    });
  const parent = propagation.extract(ROOT_CONTEXT, call.metadata, FROM_METADATA);
  void context.with(parent, () => asCallerOf(call.metadata, () => withLogIds(idsOfRequest(request), answer)));
}

const FROM_METADATA: TextMapGetter<Metadata> = {
  get: (metadata, key) => metadata.get(key).map(String),
  keys: (metadata) => Object.keys(metadata.getMap()),
};
