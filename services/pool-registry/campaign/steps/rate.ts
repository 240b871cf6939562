// Panoptic selection, first half: a rating for each image of the pool that may still be asked about.
import { and, eq, gt, inArray, sql } from 'drizzle-orm';
import type { ScoringImage } from '../../../../proto/gen/cpral/v1/panoptic_scorer.ts';
import { CampaignStep, ObjectRef, PanopticScore, PoolState } from '../../../../proto/gen/cpral/v1/resources.ts';
import { assert } from '../../../shared/errors.ts';
import { refBlob } from '../../../shared/objects/blob.ts';
import type { Transaction } from '../../database.ts';
import { images, poolItems, ratings } from '../../schema.ts';
import type { CampaignRow } from '../campaign-row.ts';
import { scoringModel } from '../scoring-model.ts';
import { seededUniform } from '../seeded-order.ts';
import { pagesOf, shardsOf } from '../shards.ts';
import type { Step } from '../step.ts';
import { labelsWholeImages, ratesWithModel } from '../strategies.ts';

const IMAGES_PER_SHARD = 32;
const IMAGES_PER_PAGE = 50 * IMAGES_PER_SHARD;

export const rate: Step = {
  step: CampaignStep.CAMPAIGN_STEP_RATE,

  async *enter(tx, campaign) {
    if (!ratesWithModel(campaign.strategy)) {
      await rateByArithmetic(tx, campaign);
      return;
    }
    const model = await scoringModel(tx, campaign);
    for await (const images of shardsOf(eligibleImages(tx, campaign), IMAGES_PER_SHARD)) {
      yield { spec: { $case: 'rate', value: { model, images, score: campaign.strategy.panoptic } } };
    }
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

function eligibleImages(tx: Transaction, campaign: CampaignRow): AsyncIterable<ScoringImage[]> {
  return pagesOf<ScoringImage>(async (after) => {
    const rows = await tx
      .select({ imageId: images.imageId, image: images.image })
      .from(poolItems)
      .innerJoin(images, and(eq(images.datasetKey, campaign.datasetKey), eq(images.imageId, poolItems.imageId)))
      .where(and(isEligible(campaign), after && isAfter(after.imageId)))
      .orderBy(poolItems.imageId)
      .limit(IMAGES_PER_PAGE);
    return rows.map(({ imageId, image }) => ({
      imageId,
      image: refBlob(ObjectRef.fromJSON(image)),
      origins: undefined,
    }));
  });
}

/** Said of both tables: a join of two sorted ones would else read the second from its start for every page. */
function isAfter(imageId: string) {
  return and(gt(poolItems.imageId, imageId), gt(images.imageId, imageId));
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
