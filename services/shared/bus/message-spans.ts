// A message's way through the bus as spans: sent by the registry's relay, processed by a worker, in the trace of whoever caused it.
// Names by https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/
import { context, type Span, SpanKind, trace } from '@opentelemetry/api';
import { continuing, inSpan, traceparentNow, tracer } from '../telemetry/spans.ts';

export interface Sent {
  /** Of the work item or event. */
  readonly id: string;
  /** Of whoever caused it. */
  readonly traceparent: string | null | undefined;
}

/**
 * @param destination "cpral.work.train" and so on
 * @param send gets the context that the message is to carry
 */
export function sending<T>(
  destination: string,
  { id, traceparent }: Sent,
  send: (traceparent: string | undefined) => Promise<T>,
): Promise<T> {
  const options = { kind: SpanKind.PRODUCER, attributes: attributesOf('send', destination, id) };
  return continuing(traceparent, async () => {
    const span = tracer().startSpan(`send ${destination}`, options);
    const carried = () => traceparentNow() ?? traceparent ?? undefined;
    const sent = await context.with(trace.setSpan(context.active(), span), () => send(carried()));
    // A span that does not end is not recorded: what a bus that is away does not take is tried again twice a second.
    span.end();
    return sent;
  });
}

export function processing<T>(
  destination: string,
  { id, traceparent }: Sent,
  process: (span: Span) => Promise<T>,
): Promise<T> {
  const options = { kind: SpanKind.CONSUMER, attributes: attributesOf('process', destination, id) };
  return continuing(traceparent, () => inSpan(`process ${destination}`, options, process));
}

function attributesOf(operation: 'send' | 'process', destination: string, id: string) {
  return {
    'messaging.system': 'cpral',
    'messaging.operation.type': operation,
    'messaging.operation.name': operation,
    'messaging.destination.name': destination,
    'messaging.message.id': id,
  };
}
