// Images that no worker could deal with. They are few: a campaign that excludes many ends.
import { and, eq } from 'drizzle-orm';
import { type ExcludedImage, PoolState } from '../../../proto/gen/cpral/v1/resources.ts';
import { bytewise, type Database, type Transaction } from '../database.ts';
import { poolItems } from '../schema.ts';

function isExcluded(campaignId: string) {
  return and(eq(poolItems.campaignId, campaignId), eq(poolItems.state, PoolState.POOL_STATE_EXCLUDED));
}

/** What ended work on an image would end a training too: its labels are left out. */
export async function excludedImages(tx: Transaction, campaignId: string): Promise<Set<string>> {
  const rows = await tx.select({ imageId: poolItems.imageId }).from(poolItems).where(isExcluded(campaignId));
  return new Set(rows.map((row) => row.imageId));
}

export async function viewExcludedImages(db: Database, campaignId: string, limit: number): Promise<ExcludedImage[]> {
  const rows = await db
    .select()
    .from(poolItems)
    .where(isExcluded(campaignId))
    .orderBy(bytewise(poolItems.imageId))
    .limit(limit);
  return rows.map(({ imageId, excludedCause, excludedItemId }) => ({
    imageId,
    cause: excludedCause ?? '',
    itemId: excludedItemId ?? '',
  }));
}
