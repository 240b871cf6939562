// The W3C trace context of what runs now, for those who carry it on by hand: https://www.w3.org/TR/trace-context/
import { isSpanContextValid, trace } from '@opentelemetry/api';

/** Undefined where nothing is traced. */
export function currentTraceparent(): string | undefined {
  const span = trace.getActiveSpan()?.spanContext();
  if (!span || !isSpanContextValid(span)) return undefined;
  return `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, '0')}`;
}
