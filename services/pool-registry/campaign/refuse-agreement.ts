// A check on vote entropy over all images of a cycle: where no stochastic pass disagrees with another in any of them, all scores are 0
// and what would be selected is arbitrary. One image may well be agreed on; what comes of it does not depend on its shard.
import { and, eq, ne, sql } from 'drizzle-orm';
import { CampaignStep } from '../../../proto/gen/cpral/v1/resources.ts';
import { CpralError } from '../../shared/errors.ts';
import type { Transaction } from '../database.ts';
import { ratings, regions, workItems } from '../schema.ts';
import type { CampaignRow } from './campaign-row.ts';

/** @throws FAILED_PRECONDITION where there are ratings by vote entropy and all of them are 0 */
export async function refuseAgreedRatings(tx: Transaction, campaign: CampaignRow): Promise<void> {
  const { campaignId, cycle } = campaign;
  const ofCycle = and(eq(ratings.campaignId, campaignId), eq(ratings.cycle, cycle));
  const [above] = await tx
    .select({ one: sql`1` })
    .from(ratings)
    .where(and(ofCycle, ne(ratings.rating, 0)))
    .limit(1);
  if (above) return;
  const images = await tx.$count(ratings, ofCycle);
  if (images > 0) throw agreement(campaign, images);
}

/**
 * Scores of 0 alone do not say so: what is disputed may be labelled, or of a class whose weight is 0.
 * @throws FAILED_PRECONDITION where images were searched and no pass disagreed in any
 */
export async function refuseAgreedRegions(tx: Transaction, campaign: CampaignRow): Promise<void> {
  const { campaignId, cycle } = campaign;
  const ofCycle = and(eq(regions.campaignId, campaignId), eq(regions.cycle, cycle));
  const [above] = await tx
    .select({ one: sql`1` })
    .from(regions)
    .where(and(ofCycle, ne(regions.score, 0)))
    .limit(1);
  if (above) return;
  const searched = await tx
    .select({
      images: sql<number>`coalesce(sum(jsonb_array_length(${workItems.spec}->'findRegions'->'images')), 0)::int`,
      disputed: sql<number>`coalesce(sum((${workItems.result}->'findRegions'->>'disputedImages')::int), 0)::int`,
    })
    .from(workItems)
    .where(
      and(
        eq(workItems.campaignId, campaignId),
        eq(workItems.cycle, cycle),
        eq(workItems.step, CampaignStep.CAMPAIGN_STEP_FIND_REGIONS),
        eq(workItems.state, 'done'),
      ),
    );
  const { images, disputed } = searched[0]!;
  if (images > 0 && disputed === 0) throw agreement(campaign, images);
}

function agreement({ cycle, config }: CampaignRow, images: number): CpralError {
  const { passes } = config;
  const rate = config.training?.network?.dropout;
  return new CpralError(
    'FAILED_PRECONDITION',
    `cycle ${cycle}: expected ${passes} stochastic passes to disagree somewhere in ${images} images, got the same class from all of ` +
      `them in every pixel, so that any selection would be arbitrary; see in the cycle's evaluation whether its model predicts one ` +
      `class only and start a campaign that trains longer, that has more passes or a dropout above ${rate}, or whose strategy needs no votes`,
    { reason: 'ENTROPY_ALL_ZERO' },
  );
}
