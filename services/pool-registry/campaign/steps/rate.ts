// Panoptic selection, first half: a rating for each image of the pool that may still be asked about, or its embedding
// or thumbnail.
import { and, eq, gt, inArray, sql } from 'drizzle-orm';
import { RateSpec, type ScoringImage } from '../../../../proto/gen/cpral/v1/panoptic_scorer.ts';
import { CampaignStep, ObjectRef, PanopticScore, PoolState } from '../../../../proto/gen/cpral/v1/resources.ts';
import type { WorkSpec } from '../../../../proto/gen/cpral/v1/work.ts';
import { assert } from '../../../shared/errors.ts';
import { refBlob } from '../../../shared/objects/blob.ts';
import { thumbnailSize } from '../../../shared/sampler/thumbnail-size.ts';
import type { Transaction } from '../../database.ts';
import { images, poolItems, ratings } from '../../schema.ts';
import { type CampaignRow, deriveSeed } from '../campaign-row.ts';
import { scoringModel } from '../scoring-model.ts';
import { seededUniform } from '../seeded-order.ts';
import { pagesOf, shardsOf } from '../shards.ts';
import type { Step } from '../step.ts';
import {
  labelsWholeImages,
  ranksImages,
  ratesByVotes,
  ratesWithModel,
  selectsCentres,
  trainsSampler,
} from '../strategies.ts';

const IMAGES_PER_SHARD = 32;
/** Stochastic passes cost many times one. */
const VOTED_IMAGES_PER_SHARD = 8;
const IMAGES_PER_PAGE = 50 * IMAGES_PER_SHARD;
const { POOL_STATE_UNLABELLED, POOL_STATE_PARTLY_LABELLED, POOL_STATE_FULLY_LABELLED } = PoolState;

export const rate: Step = {
  step: CampaignStep.CAMPAIGN_STEP_RATE,

  async *enter(tx, campaign) {
    const { strategy } = campaign;
    if (!ratesWithModel(strategy)) {
      await rateByArithmetic(tx, campaign);
      return;
    }
    const eligible = eligibleStates(campaign);
    if (!selectsCentres(strategy) && !trainsSampler(strategy)) {
      yield* rateImages(tx, campaign, eligible, {});
      return;
    }
    // What is picked is decided over all images together, the labelled ones among them.
    for (const state of [POOL_STATE_UNLABELLED, POOL_STATE_PARTLY_LABELLED, POOL_STATE_FULLY_LABELLED]) {
      const use = { candidates: eligible.includes(state), centres: state !== POOL_STATE_UNLABELLED };
      yield* rateImages(tx, campaign, [state], use);
    }
  },

  /** Embeddings and thumbnails stay with their work item, where the selection over all of them finds them. */
  async commit(tx, { campaignId, cycle }, { result }) {
    assert(result?.$case === 'rate', 'rating gives ratings');
    const rows = result.value.ratings.map(({ imageId, rating }) => ({ campaignId, cycle, imageId, rating }));
    if (rows.length > 0) await tx.insert(ratings).values(rows).onConflictDoNothing();
  },

  next({ strategy }) {
    if (selectsCentres(strategy)) return CampaignStep.CAMPAIGN_STEP_SELECT_CENTRES;
    if (trainsSampler(strategy)) return CampaignStep.CAMPAIGN_STEP_TRAIN_SAMPLER;
    return CampaignStep.CAMPAIGN_STEP_FIND_REGIONS;
  },
};

/** A partly labelled image stays eligible for regions; whole images are asked for once. */
function eligibleStates({ strategy }: CampaignRow): PoolState[] {
  return labelsWholeImages(strategy) ? [POOL_STATE_UNLABELLED] : [POOL_STATE_UNLABELLED, POOL_STATE_PARTLY_LABELLED];
}

async function* rateImages(
  tx: Transaction,
  campaign: CampaignRow,
  states: readonly PoolState[],
  use: Partial<RateSpec>,
): AsyncGenerator<WorkSpec> {
  const { config, cycle, strategy, size } = campaign;
  const model = usesModel(campaign) ? await scoringModel(tx, campaign) : undefined;
  const votes = ratesByVotes(strategy);
  const passes = votes ? { passes: config.passes } : {};
  const seed = votes || ranksImages(strategy) ? { seed: deriveSeed(config.seed, 'rate', cycle) } : {};
  const thumbnails = trainsSampler(strategy) ? { thumbnailSize: thumbnailSize(size) } : {};
  const perShard = votes ? VOTED_IMAGES_PER_SHARD : IMAGES_PER_SHARD;
  const common = RateSpec.fromPartial({ score: strategy.panoptic, ...passes, ...seed, ...thumbnails, ...use });
  for await (const images of shardsOf(imagesIn(tx, campaign, states), perShard)) {
    yield { spec: { $case: 'rate', value: { ...common, model, images } } };
  }
}

/** Thumbnails need none, and the ranks of TA-VAAL's first cycle are drawn. */
function usesModel({ strategy, cycle }: CampaignRow): boolean {
  return ranksImages(strategy) ? cycle > 0 : !trainsSampler(strategy);
}

function isIn({ campaignId }: CampaignRow, states: readonly PoolState[]) {
  return and(eq(poolItems.campaignId, campaignId), inArray(poolItems.state, [...states]));
}

function imagesIn(tx: Transaction, campaign: CampaignRow, states: readonly PoolState[]): AsyncIterable<ScoringImage[]> {
  return pagesOf<ScoringImage>(async (after) => {
    const rows = await tx
      .select({ imageId: images.imageId, image: images.image })
      .from(poolItems)
      .innerJoin(images, and(eq(images.datasetKey, campaign.datasetKey), eq(images.imageId, poolItems.imageId)))
      .where(and(isIn(campaign, states), after && isAfter(after.imageId)))
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
  const { cycle, config, strategy } = campaign;
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
    .where(isIn(campaign, eligibleStates(campaign)));
  await tx.insert(ratings).select(rows);
}
