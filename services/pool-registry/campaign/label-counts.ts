// What the labels so far cost.
import { and, eq, isNotNull, lt, sql } from 'drizzle-orm';
import { type LabelCounts, RegionalScore } from '../../../proto/gen/cpral/v1/resources.ts';
import type { Transaction } from '../database.ts';
import { poolItems, regions } from '../schema.ts';
import type { CampaignRow } from './campaign-row.ts';

/** Counts over the newest label of each image; regions are those that were annotated before this cycle. */
export async function countLabels(tx: Transaction, campaign: CampaignRow): Promise<LabelCounts> {
  const { campaignId, cycle, size } = campaign;
  const { rows } = (await tx.execute(sql`
    select count(*)::int as images, coalesce(sum(labelled_pixels), 0)::float8 as pixels,
      coalesce(sum(void_pixels), 0)::float8 as void, coalesce(sum(extended_pixels), 0)::float8 as extended
    from (
      select distinct on (image_id) labelled_pixels, void_pixels, extended_pixels from labels
      where campaign_id = ${campaignId} order by image_id, cycle desc
    ) newest where labelled_pixels > 0`)) as unknown as {
    rows: Record<'images' | 'pixels' | 'void' | 'extended', number>[];
  };
  const sums = rows[0] ?? { images: 0, pixels: 0, void: 0, extended: 0 };
  const pool = await tx.$count(poolItems, eq(poolItems.campaignId, campaignId));
  const wholeImages = campaign.strategy.regional === RegionalScore.REGIONAL_SCORE_WHOLE_IMAGE;
  const picked = and(eq(regions.campaignId, campaignId), isNotNull(regions.rank), lt(regions.cycle, cycle));
  return {
    images: BigInt(sums.images),
    regions: BigInt(wholeImages ? 0 : await tx.$count(regions, picked)),
    pixels: BigInt(sums.pixels),
    voidPixels: BigInt(sums.void),
    extendedPixels: BigInt(sums.extended),
    fraction: sums.pixels / (pool * size.height * size.width),
  };
}
