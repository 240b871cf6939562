// Labels that came back: the newest of their image, and the image's new place in the pool.
import { and, eq, ne } from 'drizzle-orm';
import { type Label, LabelMasks, PoolState } from '../../../proto/gen/cpral/v1/resources.ts';
import { assert } from '../../shared/errors.ts';
import type { Transaction } from '../database.ts';
import { labels, poolItems } from '../schema.ts';
import type { CampaignRow } from './campaign-row.ts';

export async function commitLabels(tx: Transaction, campaign: CampaignRow, committed: readonly Label[]): Promise<void> {
  const { campaignId, cycle, size } = campaign;
  for (const label of committed) {
    assert(label.masks, 'a committed label has masks');
    const row = {
      masks: LabelMasks.toJSON(label.masks),
      labelledPixels: Number(label.labelledPixels),
      voidPixels: Number(label.voidPixels),
      extendedPixels: Number(label.extendedPixels),
    };
    await tx
      .insert(labels)
      .values({ campaignId, imageId: label.imageId, cycle, ...row })
      .onConflictDoUpdate({ target: [labels.campaignId, labels.imageId, labels.cycle], set: row });
    await tx
      .update(poolItems)
      .set({ state: poolStateOf(row.labelledPixels, size.height * size.width) })
      // Other work on the same image may have failed for good meanwhile: it stays excluded.
      .where(
        and(
          eq(poolItems.campaignId, campaignId),
          eq(poolItems.imageId, label.imageId),
          ne(poolItems.state, PoolState.POOL_STATE_EXCLUDED),
        ),
      );
  }
}

export function poolStateOf(labelledPixels: number, imagePixels: number): PoolState {
  if (labelledPixels >= imagePixels) return PoolState.POOL_STATE_FULLY_LABELLED;
  return labelledPixels > 0 ? PoolState.POOL_STATE_PARTLY_LABELLED : PoolState.POOL_STATE_UNLABELLED;
}
