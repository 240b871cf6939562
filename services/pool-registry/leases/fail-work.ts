// Counts a failure: the item is tried again later and later, and given up after the last time.
import { eq } from 'drizzle-orm';
import { lockCampaign } from '../campaign/campaign-row.ts';
import { giveUp, isHalf } from '../campaign/give-up.ts';
import type { WorkItemRow } from '../campaign/work-items.ts';
import type { Transaction } from '../database.ts';
import { workItems } from '../schema.ts';
import { campaignOf, type Held, lockItem, requireHeld } from './held-item.ts';

const MAX_FAILURES = 3;
const BACK_OFF_MS = 2_000;

interface Failure extends Held {
  readonly cause: string;
  /** Trying again cannot help. */
  readonly permanent: boolean;
  readonly nowMs: number;
}

interface Failed {
  /** As it was. */
  readonly item: WorkItemRow;
  /** Absent where the item was given up. */
  readonly retryDelayMs?: number;
}

/**
 * The campaign's row is locked before the item's, as everywhere.
 * @throws ABORTED where the lease is lost
 */
export async function failWork(tx: Transaction, { cause, permanent, nowMs, ...held }: Failure): Promise<Failed> {
  const { itemId } = held;
  const campaign = await lockCampaign(tx, await campaignOf(tx, itemId));
  const item = await lockItem(tx, itemId);
  requireHeld(item, held);
  const failures = item.failures + 1;
  if (permanent || failures >= MAX_FAILURES || isHalf(item)) {
    await giveUp(tx, campaign, item, cause);
    return { item };
  }
  const retryDelayMs = BACK_OFF_MS * 2 ** failures;
  const notBefore = new Date(nowMs + retryDelayMs);
  await tx
    .update(workItems)
    .set({ state: 'open', leaseToken: null, cause, failures, notBefore })
    .where(eq(workItems.itemId, itemId));
  return { item, retryDelayMs };
}
