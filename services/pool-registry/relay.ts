// Publishes what the outbox holds, at least once and in order; a row goes when the bus has it.
import { asc, inArray } from 'drizzle-orm';
import type { WorkKind } from '../shared/bus/bus.ts';
import type { RegistryContext } from './context.ts';
import { outbox } from './schema.ts';

const BATCH = 100;

/** @returns how many messages were published */
export async function relayOutbox({ db, bus }: RegistryContext): Promise<number> {
  return db.transaction(async (tx) => {
    // Rows that another replica is publishing are skipped, not waited for.
    const rows = await tx
      .select()
      .from(outbox)
      .orderBy(asc(outbox.id))
      .limit(BATCH)
      .for('update', { skipLocked: true });
    for (const row of rows) {
      if (row.workKind && row.itemId) {
        await bus.publishWork(row.workKind as WorkKind, { itemId: row.itemId });
      } else if (row.eventType) {
        const { eventType: type, subject, createTime: time, data } = row;
        await bus.publishEvent({ id: `${row.id}`, type, subject, time, data });
      }
    }
    if (rows.length > 0)
      await tx.delete(outbox).where(
        inArray(
          outbox.id,
          rows.map((row) => row.id),
        ),
      );
    return rows.length;
  });
}
