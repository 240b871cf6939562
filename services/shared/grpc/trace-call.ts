// A call as its client sees it: a span around it, and the trace context in its metadata. An interceptor sees calls of every kind.
// Names by https://opentelemetry.io/docs/specs/semconv/rpc/grpc/
import { InterceptingCall, type Interceptor, type Metadata, status } from '@grpc/grpc-js';
import { context, propagation, SpanKind, SpanStatusCode, type TextMapSetter, trace } from '@opentelemetry/api';
import { tracer } from '../telemetry/spans.ts';

export const traceCall: Interceptor = (options, nextCall) => {
  const method = options.method_definition.path.slice(1);
  const attributes = { 'rpc.system.name': 'grpc', 'rpc.method': method };
  const span = tracer().startSpan(method, { kind: SpanKind.CLIENT, attributes });
  return new InterceptingCall(nextCall(options), {
    start(metadata, _listener, next) {
      propagation.inject(trace.setSpan(context.active(), span), metadata, TO_METADATA);
      next(metadata, {
        onReceiveStatus(received, pass) {
          const code = status[received.code] ?? 'UNKNOWN';
          span.setAttribute('rpc.status_code', code);
          if (received.code !== status.OK) {
            span.setAttribute('error.type', code);
            span.setStatus({ code: SpanStatusCode.ERROR, message: received.details });
          }
          span.end();
          pass(received);
        },
      });
    },
  });
};

const TO_METADATA: TextMapSetter<Metadata> = { set: (metadata, key, value) => metadata.set(key, value) };
