// The ratings that one piece of work over the whole pool gives.
import type { Rating } from '../../../proto/gen/cpral/v1/panoptic_scorer.ts';
import type { Transaction } from '../database.ts';
import { ratings } from '../schema.ts';
import type { CampaignRow } from './campaign-row.ts';
import { shards } from './shards.ts';

const ROWS_PER_INSERT = 1000;

export async function insertRatings(
  tx: Transaction,
  { campaignId, cycle }: CampaignRow,
  rated: readonly Rating[],
): Promise<void> {
  const rows = rated.map(({ imageId, rating }) => ({ campaignId, cycle, imageId, rating }));
  for (const some of shards(rows, ROWS_PER_INSERT)) await tx.insert(ratings).values(some).onConflictDoNothing();
}
