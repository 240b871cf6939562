// Commits a result once: for the item that it was computed for, and for equal ones that wait.
import { and, eq } from 'drizzle-orm';
import type { WorkResult } from '../../../proto/gen/cpral/v1/work.ts';
import { commitItem, type WorkItemRow } from '../campaign/work-items.ts';
import type { Transaction } from '../database.ts';
import { workItems } from '../schema.ts';
import { type Held, lockItem, ofCampaignNotEnded, requireHeld } from './held-item.ts';

interface Completion extends Held {
  readonly result: WorkResult;
  readonly computeSeconds: number;
}

interface Completed {
  /** As it was. */
  readonly item: WorkItemRow;
  /** Not for a result that is reported again. */
  readonly isNew: boolean;
  /** In which something was committed: the item's own, and those that wait for equal work. */
  readonly campaignIds: string[];
}

/** @throws ABORTED where the lease is lost */
export async function completeWork(
  tx: Transaction,
  { result, computeSeconds, ...held }: Completion,
): Promise<Completed> {
  const item = await lockItem(tx, held.itemId);
  if (item.state === 'done') return { item, isNew: false, campaignIds: [item.campaignId] };
  requireHeld(item, held);
  const equalOnes = and(eq(workItems.specDigest, item.specDigest), eq(workItems.state, 'open'), ofCampaignNotEnded());
  const twins = await tx.select().from(workItems).where(equalOnes).orderBy(workItems.itemId).for('update');
  // A commit changes its campaign's cycle: in one order over campaigns nobody waits in a circle.
  const items = [item, ...twins].sort((a, b) => (a.itemId < b.itemId ? -1 : 1));
  for (const each of items) await commitItem(tx, each, result, computeSeconds);
  return { item, isNew: true, campaignIds: items.map((each) => each.campaignId) };
}
