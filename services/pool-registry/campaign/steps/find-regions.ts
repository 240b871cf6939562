// Panoptic selection, second half: the subset. Then candidate regions in each of its images, or the images themselves.
import { and, eq, gt, isNotNull, sql } from 'drizzle-orm';
import type { ScoringImage } from '../../../../proto/gen/cpral/v1/panoptic_scorer.ts';
import { CampaignStep, ObjectRef, RegionalScore } from '../../../../proto/gen/cpral/v1/resources.ts';
import { maxWindows } from '../../../shared/budget.ts';
import { assert, invalid } from '../../../shared/errors.ts';
import { refBlob } from '../../../shared/objects/blob.ts';
import { annotatedByPeople } from '../../annotation/task-row.ts';
import type { Transaction } from '../../database.ts';
import { images, previews, ratings, regions } from '../../schema.ts';
import { type CampaignRow, deriveSeed } from '../campaign-row.ts';
import { currentLabels } from '../current-labels.ts';
import { cycleBudget } from '../cycle-budget.ts';
import { entropyClassWeights } from '../entropy-weights.ts';
import { keepSubset } from '../keep-subset.ts';
import { refuseAgreedRatings } from '../refuse-agreement.ts';
import { evaluationOf, scoringModel } from '../scoring-model.ts';
import { pagesOf, shards, shardsOf } from '../shards.ts';
import type { Step } from '../step.ts';
import { labelsWholeImages, ratesByVotes } from '../strategies.ts';

/** Twenty stochastic passes each: some seconds a shard on a CPU. */
const IMAGES_PER_SHARD = 8;
const IMAGES_PER_PAGE = 100 * IMAGES_PER_SHARD;
/** A result is one message of at most 4 MiB, and small regions are many: single pixels as many as the image has. */
const CANDIDATES_PER_SHARD = 1 << 16;
const ROWS_PER_INSERT = 1_000;

export const findRegions: Step = {
  step: CampaignStep.CAMPAIGN_STEP_FIND_REGIONS,

  async *enter(tx, campaign) {
    const { config, cycle, strategy, size } = campaign;
    if (ratesByVotes(strategy)) await refuseAgreedRatings(tx, campaign);
    await keepSubset(tx, campaign);
    if (labelsWholeImages(strategy)) {
      await candidatesOfWholeImages(tx, campaign);
      return;
    }
    const model = await scoringModel(tx, campaign);
    const maxCandidates = Math.min(
      cycleBudget(campaign).regions,
      maxWindows(size, config.regionSizePx),
      CANDIDATES_PER_SHARD,
    );
    const perShard = Math.min(IMAGES_PER_SHARD, Math.floor(CANDIDATES_PER_SHARD / maxCandidates));
    const common = {
      model,
      score: strategy.regional,
      regionSizePx: config.regionSizePx,
      passes: config.passes,
      sigma: config.sigma,
      seed: deriveSeed(config.seed, 'find-regions', cycle),
      maxCandidates,
      spacingPx: config.regionSpacingPx,
      classWeights: await classWeights(tx, campaign),
      keepPredictions: annotatedByPeople(config),
    };
    for await (const images of shardsOf(subsetImages(tx, campaign), perShard)) {
      yield { spec: { $case: 'findRegions', value: { ...common, images } } };
    }
  },

  async commit(tx, { campaignId, cycle, config }, { result }) {
    assert(result?.$case === 'findRegions', 'the search for regions gives candidates');
    const side = config.regionSizePx;
    // Budgets are paid by this number: one that a worker left out must not be taken for free.
    const wrong = result.value.candidates.find(({ unlabelledPixels: cost }) => cost < 1 || cost > side ** 2);
    if (wrong) {
      throw invalid(
        `candidates.unlabelled_pixels of ${wrong.imageId}: expected 1 to ${side ** 2}, got ${wrong.unlabelledPixels}`,
        { field: 'candidates.unlabelled_pixels' },
      );
    }
    const found = result.value.candidates.map((candidate) => ({
      campaignId,
      cycle,
      height: side,
      width: side,
      ...candidate,
    }));
    for (const rows of shards(found, ROWS_PER_INSERT)) await tx.insert(regions).values(rows).onConflictDoNothing();
    for (const { imageId, entropy, prediction, certainty } of result.value.previews) {
      if (!entropy) continue;
      const pictures = {
        entropy: ObjectRef.toJSON(entropy),
        prediction: prediction && ObjectRef.toJSON(prediction),
        certainty: certainty && ObjectRef.toJSON(certainty),
      };
      await tx
        .insert(previews)
        .values({ campaignId, cycle, imageId, ...pictures })
        .onConflictDoNothing();
    }
  },

  next: () => CampaignStep.CAMPAIGN_STEP_ANNOTATE,
};

async function classWeights(tx: Transaction, campaign: CampaignRow): Promise<number[]> {
  const { entropyWeights } = campaign.strategy;
  if (entropyWeights.length === 0) return [];
  return entropyClassWeights(entropyWeights, await evaluationOf(tx, campaign), campaign.classCount);
}

async function* subsetImages(tx: Transaction, campaign: CampaignRow): AsyncGenerator<ScoringImage[]> {
  const { campaignId, cycle, datasetKey } = campaign;
  const pages = pagesOf<{ imageId: string; image: unknown; place: number | null }>((after) =>
    tx
      .select({ imageId: images.imageId, image: images.image, place: ratings.subsetRank })
      .from(ratings)
      .innerJoin(images, and(eq(images.datasetKey, datasetKey), eq(images.imageId, ratings.imageId)))
      .where(
        and(
          eq(ratings.campaignId, campaignId),
          eq(ratings.cycle, cycle),
          after ? gt(ratings.subsetRank, after.place ?? 0) : isNotNull(ratings.subsetRank),
        ),
      )
      .orderBy(ratings.subsetRank)
      .limit(IMAGES_PER_PAGE),
  );
  for await (const page of pages) {
    const imageIds = page.map(({ imageId }) => imageId);
    const labels = await currentLabels(tx, campaignId, imageIds);
    yield page.map(({ imageId, image }) => {
      const origins = labels.get(imageId)?.origins;
      return { imageId, image: refBlob(ObjectRef.fromJSON(image)), origins: origins && refBlob(origins) };
    });
  }
}

async function candidatesOfWholeImages(tx: Transaction, campaign: CampaignRow): Promise<void> {
  const { campaignId, cycle, size } = campaign;
  assert(
    campaign.strategy.regional === RegionalScore.REGIONAL_SCORE_WHOLE_IMAGE,
    'only whole images are their own candidates',
  );
  await tx.execute(sql`
    insert into regions (campaign_id, cycle, image_id, top, "left", height, width, score, unlabelled_pixels)
    select campaign_id, cycle, image_id, 0, 0, ${size.height}::int, ${size.width}::int, rating,
      ${size.height * size.width}::int
    from ratings where campaign_id = ${campaignId} and cycle = ${cycle} and subset_rank is not null`);
}
