// What is to be told, written in the transaction that makes it true. The relay tells it afterwards.
import type { WorkKind } from '../shared/bus/bus.ts';
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
  await tx.insert(outbox).values({ eventType, subject, data });
}

export async function publishWork(
  tx: Transaction,
  items: readonly { itemId: string; kind: WorkKind }[],
): Promise<void> {
  if (items.length === 0) return;
  await tx.insert(outbox).values(items.map(({ itemId, kind }) => ({ workKind: kind, itemId })));
}
