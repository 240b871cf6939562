// Publishes what the outbox holds, at least once; a row goes when the bus has it. Events go in order. Work goes beside them: a queue
// that is full keeps its rows here, and no event waits for it.
import { asc, inArray, isNotNull, type SQL } from 'drizzle-orm';
import type { WorkKind } from '../shared/bus/bus.ts';
import { sending } from '../shared/bus/message-spans.ts';
import { CpralError } from '../shared/errors.ts';
import type { RegistryContext } from './context.ts';
import { outbox } from './schema.ts';

const BATCH = 100;
/** Events of a turn are told one after the other; a slow bus must not hold its transaction until the database ends it. */
const EVENTS_LIMIT_MS = 10_000;

type Row = typeof outbox.$inferSelect;

/** @returns how many messages were published */
export async function relayOutbox(context: RegistryContext): Promise<number> {
  const [events, work] = await Promise.allSettled([
    relay(context, isNotNull(outbox.eventType), (rows) => publishEvents(context, rows)),
    relay(context, isNotNull(outbox.workKind), (rows) => publishWork(context, rows)),
  ]);
  // Neither waits for the other, or fails with it.
  if (events.status === 'rejected') throw events.reason;
  if (work.status === 'rejected') throw work.reason;
  return events.value + work.value;
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

/** Up to the first that the bus does not take, or until the time is over. */
async function publishEvents({ bus, log, clock }: RegistryContext, rows: readonly Row[]): Promise<Row[]> {
  const endMs = clock.now() + EVENTS_LIMIT_MS;
  const published: Row[] = [];
  for (const row of rows) {
    if (clock.now() >= endMs) break;
    const { eventType, subject, createTime: time, data } = row;
    const event = { id: eventId(row), type: eventType ?? '', subject, time, data };
    const sent = { id: event.id, traceparent: row.traceparent };
    try {
      await sending(`cpral.events.${eventType}`, sent, (traceparent) => bus.publishEvent({ ...event, traceparent }));
    } catch (error) {
      // What was told before it stays told.
      if (error instanceof CpralError) log.debug({ err: error }, 'event not published');
      else log.error({ err: error, event: event.id }, 'event not published');
      break;
    }
    published.push(row);
  }
  return published;
}

/** With its time: a database that was made anew or restored, or a second one on the same bus, counts the same numbers again. */
function eventId({ id, createTime }: Row): string {
  return `${createTime.getTime()}-${id}`;
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
