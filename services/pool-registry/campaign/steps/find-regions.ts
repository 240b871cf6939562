// Panoptic selection, second half: the subset. Then candidate regions in each of its images, or the images themselves.
import { and, eq, isNotNull, sql } from 'drizzle-orm';
import type { ScoringImage } from '../../../../proto/gen/cpral/v1/panoptic_scorer.ts';
import { CampaignStep, ObjectRef, PanopticScore, RegionalScore } from '../../../../proto/gen/cpral/v1/resources.ts';
import { maxWindows } from '../../../shared/budget.ts';
import { assert, invalid } from '../../../shared/errors.ts';
import { refBlob } from '../../../shared/objects/blob.ts';
import { bytewise, type Transaction } from '../../database.ts';
import { images, previews, ratings, regions } from '../../schema.ts';
import { type CampaignRow, deriveSeed } from '../campaign-row.ts';
import { currentLabels } from '../current-labels.ts';
import { cycleBudget } from '../cycle-budget.ts';
import { scoringModel } from '../scoring-model.ts';
import { type Step, shards } from '../step.ts';
import { labelsWholeImages } from '../strategies.ts';

/** Twenty stochastic passes each: some seconds a shard on a CPU. */
const IMAGES_PER_SHARD = 8;
/** A result is one message of at most 4 MiB, and small regions are many: single pixels as many as the image has. */
const CANDIDATES_PER_SHARD = 1 << 16;

export const findRegions: Step = {
  step: CampaignStep.CAMPAIGN_STEP_FIND_REGIONS,

  async enter(tx, campaign) {
    const { config, cycle, strategy, size } = campaign;
    await keepSubset(tx, campaign);
    if (labelsWholeImages(strategy)) {
      await candidatesOfWholeImages(tx, campaign);
      return [];
    }
    const model = await scoringModel(tx, campaign);
    const subset = await subsetImages(tx, campaign);
    const maxCandidates = Math.min(
      cycleBudget(campaign).regions,
      maxWindows(size, config.regionSizePx),
      CANDIDATES_PER_SHARD,
    );
    const perShard = Math.min(IMAGES_PER_SHARD, Math.floor(CANDIDATES_PER_SHARD / maxCandidates));
    return shards(subset, perShard).map((images) => ({
      spec: {
        $case: 'findRegions',
        value: {
          model,
          images,
          score: strategy.regional,
          regionSizePx: config.regionSizePx,
          passes: config.passes,
          sigma: config.sigma,
          seed: deriveSeed(config.seed, 'find-regions', cycle),
          maxCandidates,
          spacingPx: config.regionSpacingPx,
        },
      },
    }));
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
    for (const rows of shards(found, 1000)) await tx.insert(regions).values(rows).onConflictDoNothing();
    for (const { imageId, entropy } of result.value.previews) {
      if (entropy)
        await tx
          .insert(previews)
          .values({ campaignId, cycle, imageId, entropy: ObjectRef.toJSON(entropy) })
          .onConflictDoNothing();
    }
  },

  next: () => CampaignStep.CAMPAIGN_STEP_ANNOTATE,
};

/**
 * The images with the highest ratings, ties by id, until what is unlabelled in them comes to the subset's images; all of them
 * where there is no panoptic part. Unlike the paper, which counts images: one that is mostly labelled has few regions left to
 * offer, and with many of those a cycle could not spend its budget.
 */
async function keepSubset(tx: Transaction, campaign: CampaignRow): Promise<void> {
  const { campaignId, cycle, config, strategy, size } = campaign;
  const everything = strategy.panoptic === PanopticScore.PANOPTIC_SCORE_ALL;
  const subsetImages = labelsWholeImages(strategy) ? cycleBudget(campaign).regions : config.subsetImages;
  const imagePixels = size.height * size.width;
  await tx.execute(sql`
    update ratings set subset_rank = ordered.place
    from (
      select rated.image_id,
        row_number() over best_first - 1 as place,
        sum(rated.unlabelled) over best_first - rated.unlabelled as unlabelled_before
      from (
        select ratings.image_id, rating, ${imagePixels}::bigint - coalesce(max(labelled_pixels), 0) as unlabelled
        from ratings left join labels
          on labels.campaign_id = ratings.campaign_id and labels.image_id = ratings.image_id
        where ratings.campaign_id = ${campaignId} and ratings.cycle = ${cycle}
        group by ratings.image_id, rating
      ) rated
      window best_first as (order by rating desc, ${bytewise(sql`rated.image_id`)} rows unbounded preceding)
    ) ordered
    where ratings.campaign_id = ${campaignId} and ratings.cycle = ${cycle} and ratings.image_id = ordered.image_id
      ${everything ? sql`` : sql`and ordered.unlabelled_before < ${subsetImages}::bigint * ${imagePixels}::bigint`}`);
}

async function subsetImages(tx: Transaction, { campaignId, cycle, datasetKey }: CampaignRow): Promise<ScoringImage[]> {
  const rows = await tx
    .select({ imageId: images.imageId, image: images.image })
    .from(ratings)
    .innerJoin(images, and(eq(images.datasetKey, datasetKey), eq(images.imageId, ratings.imageId)))
    .where(and(eq(ratings.campaignId, campaignId), eq(ratings.cycle, cycle), isNotNull(ratings.subsetRank)))
    .orderBy(ratings.subsetRank);
  const labels = await currentLabels(tx, campaignId);
  return rows.map(({ imageId, image }) => {
    const origins = labels.get(imageId)?.origins;
    return { imageId, image: refBlob(ObjectRef.fromJSON(image)), origins: origins && refBlob(origins) };
  });
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
