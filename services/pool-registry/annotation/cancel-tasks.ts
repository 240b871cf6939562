// What nobody needs to answer any more.
import { and, eq, inArray, type SQL, sql } from 'drizzle-orm';
import type { CampaignRow } from '../campaign/campaign-row.ts';
import type { Transaction } from '../database.ts';
import { annotationTasks } from '../schema.ts';
import { UNDECIDED } from './task-row.ts';

/** What nobody has begun when a step is over. Who has begun may end it: it tells how well people agree, and becomes no label. */
export function cancelOpenTasks(tx: Transaction, { campaignId, cycle, step }: CampaignRow): Promise<void> {
  const ofStep = and(eq(annotationTasks.cycle, cycle), eq(annotationTasks.step, step));
  return cancel(tx, and(eq(annotationTasks.campaignId, campaignId), ofStep, eq(annotationTasks.state, 'open')));
}

/** Whatever nobody has decided when a campaign is cancelled. */
export function cancelAllTasks(tx: Transaction, { campaignId }: CampaignRow): Promise<void> {
  return cancel(tx, and(eq(annotationTasks.campaignId, campaignId), inArray(annotationTasks.state, [...UNDECIDED])));
}

async function cancel(tx: Transaction, which: SQL | undefined): Promise<void> {
  const version = sql`${annotationTasks.version} + 1`;
  await tx.update(annotationTasks).set({ state: 'cancelled', leaseExpireTime: null, version }).where(which);
}
