// What becomes of an item that fails for good. A shard of images is cut in two until the one image that fails is alone: it is
// excluded, and the rest goes on. A training has nothing to leave out: its campaign ends. What only measures is parked alone.
import { and, eq } from 'drizzle-orm';
import { CampaignState, PoolState } from '../../../proto/gen/cpral/v1/resources.ts';
import { WorkSpec } from '../../../proto/gen/cpral/v1/work.ts';
import { assert, CpralError } from '../../shared/errors.ts';
import type { Transaction } from '../database.ts';
import { publishEvent } from '../outbox.ts';
import { poolItems, workItems } from '../schema.ts';
import type { CampaignRow } from './campaign-row.ts';
import { imagesOf, splitSpec } from './split-spec.ts';
import { endCampaign } from './state-machine.ts';
import { insertItems, type WorkItemRow } from './work-items.ts';

/** Where more of the pool than this fails, it is not the images: the campaign ends instead of going on with what is left. */
const MAX_EXCLUDED_SHARE = 0.05;
const MAX_EXCLUDED_OF_SMALL_POOLS = 2;

/** The caller holds the campaign's row, then the item's. */
export async function giveUp(tx: Transaction, campaign: CampaignRow, item: WorkItemRow, cause: string): Promise<void> {
  const spec = WorkSpec.fromJSON(item.spec);
  const halves = splitSpec(spec);
  if (halves) {
    await change(tx, item, { state: 'split', cause });
    const names = [`${item.itemId}/0`, `${item.itemId}/1`];
    await insertItems(
      tx,
      item,
      halves.map((half, i) => ({ itemId: names[i]!, spec: half })),
    );
    return;
  }
  await change(tx, item, { state: 'parked', cause });
  await publishEvent(tx, 'cpral.work.parked', item.itemId, { itemId: item.itemId, campaignId: item.campaignId, cause });
  // Counts for the report alone: neither the image nor what was paid for it is given up with them.
  if (spec.spec?.$case === 'measurePicks') return;
  const [imageId] = imagesOf(spec);
  if (imageId === undefined) {
    const message = `${item.kind} failed after ${item.attempts} attempts: ${cause}`;
    return endCampaign(tx, campaign, CampaignState.CAMPAIGN_STATE_FAILED, new CpralError('INTERNAL', message));
  }
  await exclude(tx, item, imageId, cause);
  await endWhereTooManyAreExcluded(tx, campaign, imageId, cause);
}

/** A half of a shard that failed is cut at once: it was tried often enough before. A lone image has all its attempts. */
export function isHalf(item: WorkItemRow): boolean {
  const isCut = item.itemId.split('/').length > WHOLE_ID_PARTS;
  return isCut && splitSpec(WorkSpec.fromJSON(item.spec)) !== undefined;
}

/** campaign/cycle/step/shard */
const WHOLE_ID_PARTS = 4;

async function change(tx: Transaction, { itemId }: WorkItemRow, values: Partial<WorkItemRow>): Promise<void> {
  await tx
    .update(workItems)
    .set({ ...values, leaseToken: null })
    .where(eq(workItems.itemId, itemId));
}

async function exclude(tx: Transaction, item: WorkItemRow, imageId: string, cause: string): Promise<void> {
  const excluded = await tx
    .update(poolItems)
    .set({ state: PoolState.POOL_STATE_EXCLUDED, excludedCause: cause, excludedItemId: item.itemId })
    .where(and(eq(poolItems.campaignId, item.campaignId), eq(poolItems.imageId, imageId)))
    .returning({ imageId: poolItems.imageId });
  assert(excluded.length === 1, `image ${imageId} is in the pool`);
  const { campaignId, itemId } = item;
  await publishEvent(tx, 'cpral.image.excluded', imageId, { campaignId, imageId, cause, itemId });
}

async function endWhereTooManyAreExcluded(
  tx: Transaction,
  campaign: CampaignRow,
  imageId: string,
  cause: string,
): Promise<void> {
  const ofCampaign = eq(poolItems.campaignId, campaign.campaignId);
  const excluded = await tx.$count(poolItems, and(ofCampaign, eq(poolItems.state, PoolState.POOL_STATE_EXCLUDED)));
  const pool = await tx.$count(poolItems, ofCampaign);
  const limit = Math.max(MAX_EXCLUDED_OF_SMALL_POOLS, Math.floor(pool * MAX_EXCLUDED_SHARE));
  if (excluded <= limit) return;
  const message = `work on more than ${limit} of ${pool} images fails, the last of them ${imageId}: ${cause}`;
  await endCampaign(tx, campaign, CampaignState.CAMPAIGN_STATE_FAILED, new CpralError('INTERNAL', message));
}
