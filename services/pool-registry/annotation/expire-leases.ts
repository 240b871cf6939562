// Tasks of annotators who went away: back to the others, or to whom a reviewer sent them. Drafts stay.
import { and, eq, lt, sql } from 'drizzle-orm';
import type { Database, Transaction } from '../database.ts';
import { annotationTasks } from '../schema.ts';

/** What a task is when nobody has it: one that was sent back stays with its annotator. */
const STATE_UNLEASED = sql`case when ${annotationTasks.returnNote} is null then 'open' else 'returned' end`;
const ANNOTATOR_UNLEASED = sql`case when ${annotationTasks.returnNote} is null then '' else ${annotationTasks.annotator} end`;

export async function expireLeases(db: Database | Transaction, nowMs: number): Promise<void> {
  await db
    .update(annotationTasks)
    .set({
      state: STATE_UNLEASED,
      annotator: ANNOTATOR_UNLEASED,
      leaseExpireTime: null,
      version: sql`${annotationTasks.version} + 1`,
    })
    .where(and(eq(annotationTasks.state, 'leased'), lt(annotationTasks.leaseExpireTime, new Date(nowMs))));
}
