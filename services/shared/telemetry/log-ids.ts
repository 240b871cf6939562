// The ids that every log line of a piece of work carries, whoever writes the line: they go with the flow of control.
import { AsyncLocalStorage } from 'node:async_hooks';
import { context, trace } from '@opentelemetry/api';

export interface LogIds {
  readonly campaign?: string;
  readonly cycle?: number;
  readonly item?: string;
  readonly worker?: string;
}

const ids = new AsyncLocalStorage<LogIds>();

/** Lines that are logged in the course of the work carry these ids, beside those that hold already. */
export function withLogIds<T>(more: LogIds, work: () => T): T {
  return ids.run({ ...ids.getStore(), ...more }, work);
}

/** The ids that a request names. */
export function idsOfRequest(request: unknown): LogIds {
  const { campaignId, itemId, worker } = request as Record<string, unknown>;
  return { ...named('campaign', campaignId), ...named('item', itemId), ...named('worker', worker) };
}

/** What a line carries of itself: pino's mixin. */
export function lineIds(): object {
  const span = trace.getSpanContext(context.active());
  return { ...(span && { trace_id: span.traceId, span_id: span.spanId }), ...ids.getStore() };
}

function named(name: string, value: unknown) {
  return typeof value === 'string' && value !== '' ? { [name]: value } : {};
}
