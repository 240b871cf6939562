// Parked work, tried again: its failures are forgotten, its image is let in again, a campaign that failed by it goes on.
import { and, desc, eq, inArray } from 'drizzle-orm';
import { CampaignState, PoolState } from '../../../proto/gen/cpral/v1/resources.ts';
import { WorkSpec } from '../../../proto/gen/cpral/v1/work.ts';
import type { WorkKind } from '../../shared/bus/bus.ts';
import type { Transaction } from '../database.ts';
import { publishOpenWork, publishWork } from '../outbox.ts';
import { labels, operations, poolItems, workItems } from '../schema.ts';
import type { CampaignRow } from './campaign-row.ts';
import { poolStateOf } from './commit-labels.ts';
import { imagesOf } from './split-spec.ts';
import { changeCampaign } from './state-machine.ts';
import { AT_ONCE, type WorkItemRow } from './work-items.ts';

/**
 * Opens the campaign's parked items again, or those named. Work of a step that has passed is not done again: its image only takes
 * part again from now on. The caller holds the campaign's row.
 * @returns the items as they are now
 */
export async function redrive(
  tx: Transaction,
  campaign: CampaignRow,
  itemIds?: readonly string[],
): Promise<WorkItemRow[]> {
  const { campaignId, cycle, step } = campaign;
  const parked = await tx
    .select()
    .from(workItems)
    .where(
      and(
        eq(workItems.campaignId, campaignId),
        eq(workItems.state, 'parked'),
        itemIds ? inArray(workItems.itemId, [...itemIds]) : undefined,
      ),
    )
    .orderBy(workItems.itemId)
    .for('update');
  const changed: WorkItemRow[] = [];
  for (const item of parked) {
    const isPresent = item.cycle === cycle && item.step === step;
    const values = isPresent
      ? { state: 'open' as const, attempts: 0, failures: 0, cause: '', notBefore: AT_ONCE }
      : { state: 'cancelled' as const };
    const [row] = await tx.update(workItems).set(values).where(eq(workItems.itemId, item.itemId)).returning();
    if (row) changed.push(row);
    if (isPresent) await publishWork(tx, [{ itemId: item.itemId, kind: item.kind as WorkKind }]);
    for (const imageId of imagesOf(WorkSpec.fromJSON(item.spec)))
      await include(tx, campaign, item, { imageId, isAsked: isPresent && item.kind === 'annotate' });
  }
  return changed;
}

/** A campaign that was paused or had failed moves again. Workers dropped the messages of what they were not given. */
export async function reopenCampaign(tx: Transaction, campaign: CampaignRow): Promise<CampaignRow> {
  const state = CampaignState.CAMPAIGN_STATE_RUNNING;
  await changeCampaign(tx, campaign, { state, error: '' });
  await tx
    .update(operations)
    .set({ done: false, errorCode: 0, errorMessage: '' })
    .where(eq(operations.campaignId, campaign.campaignId));
  await publishOpenWork(tx, campaign.campaignId);
  return { ...campaign, state };
}

/** Where it is this item that the image is excluded by. */
async function include(
  tx: Transaction,
  { campaignId, size }: CampaignRow,
  { itemId }: WorkItemRow,
  { imageId, isAsked }: { imageId: string; isAsked: boolean },
): Promise<void> {
  const [label] = await tx
    .select({ labelledPixels: labels.labelledPixels })
    .from(labels)
    .where(and(eq(labels.campaignId, campaignId), eq(labels.imageId, imageId)))
    .orderBy(desc(labels.cycle))
    .limit(1);
  const state = isAsked
    ? PoolState.POOL_STATE_IN_ANNOTATION
    : poolStateOf(label?.labelledPixels ?? 0, size.height * size.width);
  await tx
    .update(poolItems)
    .set({ state, excludedCause: null, excludedItemId: null })
    .where(
      and(
        eq(poolItems.campaignId, campaignId),
        eq(poolItems.imageId, imageId),
        eq(poolItems.state, PoolState.POOL_STATE_EXCLUDED),
        eq(poolItems.excludedItemId, itemId),
      ),
    );
}
