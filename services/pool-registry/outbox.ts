// What is to be told, written in the transaction that makes it true. The relay tells it afterwards.
import { sql } from 'drizzle-orm';
import type { WorkKind } from '../shared/bus/bus.ts';
import { traceparentNow } from '../shared/telemetry/spans.ts';
import type { Transaction } from './database.ts';
import { EVENTS, type EventMessage, type EventType } from './event-catalogue.ts';
import { outbox } from './schema.ts';

export async function publishEvent<Type extends EventType>(
  tx: Transaction,
  eventType: Type,
  subject: string,
  message: EventMessage<Type>,
): Promise<void> {
  const { toJSON } = EVENTS[eventType] as { toJSON(message: EventMessage<Type>): unknown };
  await tx.insert(outbox).values({ eventType, subject, data: toJSON(message), ...traced() });
}

export async function publishWork(
  tx: Transaction,
  items: readonly { itemId: string; kind: WorkKind }[],
): Promise<void> {
  await tx.insert(outbox).values(items.map(({ itemId, kind }) => ({ workKind: kind, itemId, ...traced() })));
}

/** All of a campaign that is open, in one statement however much it is. */
export async function publishOpenWork(tx: Transaction, campaignId: string): Promise<void> {
  const { traceparent = null } = traced();
  await tx.execute(sql`
    insert into outbox (work_kind, item_id, traceparent)
    select kind, item_id, ${traceparent}::text from work_items
    where campaign_id = ${campaignId} and state = 'open' order by item_id`);
}

function traced() {
  const traceparent = traceparentNow();
  return traceparent === undefined ? {} : { traceparent };
}
