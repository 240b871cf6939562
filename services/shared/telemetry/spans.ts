// Spans, and the W3C trace context that carries them from process to process. Where no tracer is set up all of this does nothing.
import {
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  type SpanOptions,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { CpralError } from '../errors.ts';

export const tracer = () => trace.getTracer('cpral');

/** Runs work in a span of its own; the span ends with it, and tells of its failure. */
export function inSpan<T>(name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T> {
  return tracer().startActiveSpan(name, options, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      markFailed(span, error);
      throw error;
    } finally {
      span.end();
    }
  });
}

export function markFailed(span: Span, error: unknown): void {
  const { message } = error instanceof Error ? error : new Error(String(error));
  span.setAttribute('error.type', error instanceof CpralError ? error.code : 'INTERNAL');
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}

/** The present span as a `traceparent`, to be sent or stored; undefined where there is none. */
export function traceparentNow(): string | undefined {
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent;
}

/** Runs work as part of the trace that a `traceparent` names; without one, of none. */
export function continuing<T>(traceparent: string | null | undefined, work: () => T): T {
  const carrier = traceparent ? { traceparent } : {};
  return context.with(propagation.extract(ROOT_CONTEXT, carrier), work);
}

/** Runs work whose spans nobody needs, here and in whoever it calls: it stays in the trace, but is not recorded. */
export function unrecorded<T>(work: () => T): T {
  const active = context.active();
  const present = trace.getSpanContext(active);
  if (!present) return work();
  return context.with(trace.setSpanContext(active, { ...present, traceFlags: TraceFlags.NONE }), work);
}

/** A link to the present span, for work that it causes but that is a trace of its own. */
export function linkToNow(): SpanOptions['links'] {
  const present = trace.getSpanContext(context.active());
  return present && [{ context: present }];
}
