// Publishes what the outbox holds, at least once; a row goes when the bus has it. Events go in order. Work goes beside them: a queue
// that is full keeps its rows here, and no event waits for it.
import { asc, inArray, isNotNull, type SQL } from 'drizzle-orm';
import type { WorkKind } from '../shared/bus/bus.ts';
import { sending } from '../shared/bus/message-spans.ts';
import { CpralError } from '../shared/errors.ts';
import type { RegistryContext } from './context.ts';
import { outbox } from './schema.ts';

const BATCH = 100;

type Row = typeof outbox.$inferSelect;

/** @returns how many messages were published */
export async function relayOutbox(context: RegistryContext): Promise<number> {
  const events = await relay(context, isNotNull(outbox.eventType), (rows) => publishEvents(context, rows));
  const work = await relay(context, isNotNull(outbox.workKind), (rows) => publishWork(context, rows));
  return events + work;
}

async function relay(
  { db, log }: RegistryContext,
  which: SQL,
  publish: (rows: readonly Row[]) => Promise<readonly Row[]>,
): Promise<number> {
  return db.transaction(async (tx) => {
    // Rows that another replica is publishing are skipped, not waited for.
    const rows = await tx
      .select()
      .from(outbox)
      .where(which)
      .orderBy(asc(outbox.id))
      .limit(BATCH)
      .for('update', { skipLocked: true });
    if (rows.length === 0) return 0;
    const published = await publish(rows);
    const ids = published.map((row) => row.id);
    if (ids.length > 0) await tx.delete(outbox).where(inArray(outbox.id, ids));
    if (ids.length < rows.length)
      log.debug({ waiting: rows.length - ids.length }, 'the bus takes nothing more for now');
    return ids.length;
  });
}

/** Up to the first that the bus does not take. */
async function publishEvents({ bus, log }: RegistryContext, rows: readonly Row[]): Promise<Row[]> {
  const published: Row[] = [];
  for (const row of rows) {
    const { eventType, subject, createTime: time, data } = row;
    const event = { id: `${row.id}`, type: eventType ?? '', subject, time, data };
    const sent = { id: event.id, traceparent: row.traceparent };
    try {
      await sending(`cpral.events.${eventType}`, sent, (traceparent) => bus.publishEvent({ ...event, traceparent }));
    } catch (error) {
      if (!(error instanceof CpralError)) throw error;
      log.debug({ err: error }, 'event not published');
      break;
    }
    published.push(row);
  }
  return published;
}

async function publishWork({ bus, log }: RegistryContext, rows: readonly Row[]): Promise<Row[]> {
  const tried = await Promise.allSettled(
    rows.map((row) => {
      const [kind, itemId] = [row.workKind as WorkKind, row.itemId ?? ''];
      const sent = { id: itemId, traceparent: row.traceparent };
      return sending(`cpral.work.${kind}`, sent, (traceparent) => bus.publishWork(kind, { itemId, traceparent }));
    }),
  );
  const failed = tried.find((result) => result.status === 'rejected');
  if (failed) log.debug({ err: failed.reason }, 'work not published');
  return rows.filter((_, i) => tried[i]?.status === 'fulfilled');
}
