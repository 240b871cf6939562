// Panoptic selection, first half: a rating for each image of the pool that may still be asked about.
import { and, eq, inArray, sql } from 'drizzle-orm';
import type { ScoringImage } from '../../../../proto/gen/cpral/v1/panoptic_scorer.ts';
import { CampaignStep, ObjectRef, PanopticScore, PoolState } from '../../../../proto/gen/cpral/v1/resources.ts';
import { assert } from '../../../shared/errors.ts';
import { refBlob } from '../../../shared/objects/blob.ts';
import { bytewise, type Transaction } from '../../database.ts';
import { images, poolItems, ratings } from '../../schema.ts';
import type { CampaignRow } from '../campaign-row.ts';
import { scoringModel } from '../scoring-model.ts';
import { seededUniform } from '../seeded-order.ts';
import { type Step, shards } from '../step.ts';
import { labelsWholeImages, ratesWithModel } from '../strategies.ts';

const IMAGES_PER_SHARD = 32;

export const rate: Step = {
  step: CampaignStep.CAMPAIGN_STEP_RATE,

  async enter(tx, campaign) {
    if (!ratesWithModel(campaign.strategy)) {
      await rateByArithmetic(tx, campaign);
      return [];
    }
    const model = await scoringModel(tx, campaign);
    const eligible = await eligibleImages(tx, campaign);
    return shards(eligible, IMAGES_PER_SHARD).map((images) => ({
      spec: { $case: 'rate', value: { model, images, score: campaign.strategy.panoptic } },
    }));
  },

  async commit(tx, { campaignId, cycle }, { result }) {
    assert(result?.$case === 'rate', 'rating gives ratings');
    const rows = result.value.ratings.map(({ imageId, rating }) => ({ campaignId, cycle, imageId, rating }));
    await tx.insert(ratings).values(rows).onConflictDoNothing();
  },

  next: () => CampaignStep.CAMPAIGN_STEP_FIND_REGIONS,
};

/** A partly labelled image stays eligible for regions; whole images are asked for once. */
function isEligible(campaign: CampaignRow) {
  const states = labelsWholeImages(campaign.strategy)
    ? [PoolState.POOL_STATE_UNLABELLED]
    : [PoolState.POOL_STATE_UNLABELLED, PoolState.POOL_STATE_PARTLY_LABELLED];
  return and(eq(poolItems.campaignId, campaign.campaignId), inArray(poolItems.state, states));
}

async function eligibleImages(tx: Transaction, campaign: CampaignRow): Promise<ScoringImage[]> {
  const rows = await tx
    .select({ imageId: images.imageId, image: images.image })
    .from(poolItems)
    .innerJoin(images, and(eq(images.datasetKey, campaign.datasetKey), eq(images.imageId, poolItems.imageId)))
    .where(isEligible(campaign))
    .orderBy(bytewise(images.imageId));
  return rows.map(({ imageId, image }) => ({ imageId, image: refBlob(ObjectRef.fromJSON(image)), origins: undefined }));
}

async function rateByArithmetic(tx: Transaction, campaign: CampaignRow): Promise<void> {
  const { campaignId, cycle, config, strategy } = campaign;
  const random = strategy.panoptic === PanopticScore.PANOPTIC_SCORE_RANDOM;
  const rating = random
    ? seededUniform(poolItems.imageId, config.seed, `random/${cycle}`)
    : sql<number>`0::double precision`;
  const rows = tx
    .select({
      campaignId: poolItems.campaignId,
      cycle: sql<number>`${cycle}::int`.as('cycle'),
      imageId: poolItems.imageId,
      rating: rating.as('rating'),
      subsetRank: sql<null>`null::int`.as('subset_rank'),
    })
    .from(poolItems)
    .where(isEligible({ ...campaign, campaignId }));
  await tx.insert(ratings).select(rows);
}
