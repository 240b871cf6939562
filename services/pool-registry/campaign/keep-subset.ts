// The panoptic subset: the images with the highest ratings, ties by id, until what is unlabelled in them comes to the subset's images;
// all of them where there is no panoptic part. Unlike the paper, which counts images: one that is mostly labelled has few regions left
// to offer, and with many of those a cycle could not spend its budget.
import { sql } from 'drizzle-orm';
import { PanopticScore } from '../../../proto/gen/cpral/v1/resources.ts';
import type { Transaction } from '../database.ts';
import { rankFromTheBest } from './best-first.ts';
import type { CampaignRow } from './campaign-row.ts';
import { cycleBudget } from './cycle-budget.ts';
import { labelsWholeImages } from './strategies.ts';

export async function keepSubset(tx: Transaction, campaign: CampaignRow): Promise<void> {
  if (campaign.strategy.panoptic === PanopticScore.PANOPTIC_SCORE_ALL) return keepAll(tx, campaign);
  const { campaignId, cycle, config, strategy, size } = campaign;
  const subsetImages = labelsWholeImages(strategy) ? cycleBudget(campaign).regions : config.subsetImages;
  const imagePixels = size.height * size.width;
  await rankFromTheBest(tx, {
    expected: subsetImages,
    rows: sql`select image_id, rating from ratings where campaign_id = ${campaignId} and cycle = ${cycle}`,
    order: sql`rating desc, image_id`,
    // Never below 0: no more pixels of an image are labelled than it has.
    cost: sql`${imagePixels}::bigint - coalesce((
      select max(labelled_pixels) from labels where campaign_id = ${campaignId} and labels.image_id = best.image_id
    ), 0)`,
    // The image with which the wanted pixels are reached is the last one.
    isPicked: sql`(before < ${subsetImages}::bigint * ${imagePixels}::bigint)`,
    mark: sql`
      update ratings set subset_rank = place from ordered
      where campaign_id = ${campaignId} and cycle = ${cycle} and ratings.image_id = ordered.image_id`,
  });
}

async function keepAll(tx: Transaction, { campaignId, cycle }: CampaignRow): Promise<void> {
  await tx.execute(sql`
    update ratings set subset_rank = place
    from (
      select image_id, row_number() over (order by rating desc, image_id) - 1 as place
      from ratings where campaign_id = ${campaignId} and cycle = ${cycle}
    ) ordered
    where campaign_id = ${campaignId} and cycle = ${cycle} and ratings.image_id = ordered.image_id`);
}
