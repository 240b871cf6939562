// What is to be told, written in the transaction that makes it true. The relay tells it afterwards.
import type { WorkKind } from '../shared/bus/bus.ts';
import { traceparentNow } from '../shared/telemetry/spans.ts';
import type { Transaction } from './database.ts';
import { outbox } from './schema.ts';

export type EventType =
  | 'cpral.campaign.changed'
  | 'cpral.model.trained'
  | 'cpral.work.parked'
  | 'cpral.dataset.imported';

/** @param data the JSON of the event's message in events.proto */
export async function publishEvent(
  tx: Transaction,
  eventType: EventType,
  subject: string,
  data: unknown,
): Promise<void> {
  await tx.insert(outbox).values({ eventType, subject, data, traceparent: traceparentNow() });
}

export async function publishWork(
  tx: Transaction,
  items: readonly { itemId: string; kind: WorkKind }[],
): Promise<void> {
  if (items.length === 0) return;
  const traceparent = traceparentNow();
  await tx.insert(outbox).values(items.map(({ itemId, kind }) => ({ workKind: kind, itemId, traceparent })));
}
