// Who has a work item: found by its id, held by the token of a lease, and refused to everybody else.
import { and, eq, inArray, type SQL, sql } from 'drizzle-orm';
import { CampaignState } from '../../../proto/gen/cpral/v1/resources.ts';
import { CpralError } from '../../shared/errors.ts';
import type { WorkItemRow } from '../campaign/work-items.ts';
import type { Transaction } from '../database.ts';
import { workItems } from '../schema.ts';

/** What a worker names when it speaks about its item. */
export interface Held {
  readonly itemId: string;
  readonly leaseToken: string;
}

export function isHeld({ itemId, leaseToken }: Held): SQL | undefined {
  return and(eq(workItems.itemId, itemId), eq(workItems.state, 'leased'), eq(workItems.leaseToken, leaseToken));
}

/** A paused campaign finishes what is under way; one that failed or was cancelled does not. */
export function ofCampaignNotEnded(): SQL {
  const { CAMPAIGN_STATE_RUNNING, CAMPAIGN_STATE_PAUSED } = CampaignState;
  return inArray(
    workItems.campaignId,
    sql`(select campaign_id from campaigns where state in (${CAMPAIGN_STATE_RUNNING}, ${CAMPAIGN_STATE_PAUSED}))`,
  );
}

export async function lockItem(tx: Transaction, itemId: string): Promise<WorkItemRow> {
  const [item] = await tx.select().from(workItems).where(eq(workItems.itemId, itemId)).for('update');
  if (!item) throw noItem(itemId);
  return item;
}

/** Without a lock: a campaign's row is locked before its items', and an item never changes its campaign. */
export async function campaignOf(tx: Transaction, itemId: string): Promise<string> {
  const [item] = await tx
    .select({ campaignId: workItems.campaignId })
    .from(workItems)
    .where(eq(workItems.itemId, itemId));
  if (!item) throw noItem(itemId);
  return item.campaignId;
}

/** @throws ABORTED where the item is not the holder's, or not any more */
export function requireHeld(item: WorkItemRow, { itemId, leaseToken }: Held): void {
  if (item.state !== 'leased' || item.leaseToken !== leaseToken) throw leaseLost(itemId);
}

export function leaseLost(itemId: string): CpralError {
  return new CpralError('ABORTED', `the lease of work item "${itemId}" is lost`, { reason: 'LEASE_LOST' });
}

function noItem(itemId: string): CpralError {
  return new CpralError('NOT_FOUND', `work item "${itemId}" does not exist`, { field: 'item_id' });
}
