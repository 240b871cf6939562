// The newest label of images.
import { and, desc, eq, inArray } from 'drizzle-orm';
import { LabelMasks } from '../../../proto/gen/cpral/v1/resources.ts';
import type { Transaction } from '../database.ts';
import { labels } from '../schema.ts';

/** @returns masks by image id; images without a label are left out */
export async function currentLabels(
  tx: Transaction,
  campaignId: string,
  imageIds?: string[],
): Promise<Map<string, LabelMasks>> {
  const ofCampaign = eq(labels.campaignId, campaignId);
  const rows = await tx
    .selectDistinctOn([labels.imageId], { imageId: labels.imageId, masks: labels.masks })
    .from(labels)
    .where(imageIds ? and(ofCampaign, inArray(labels.imageId, imageIds)) : ofCampaign)
    .orderBy(labels.imageId, desc(labels.cycle));
  return new Map(rows.map((row) => [row.imageId, LabelMasks.fromJSON(row.masks)]));
}
