// The newest label of images.
import { and, between, desc, eq, inArray } from 'drizzle-orm';
import { LabelMasks } from '../../../proto/gen/cpral/v1/resources.ts';
import type { Transaction } from '../database.ts';
import { labels } from '../schema.ts';

/** In the order of the database. */
interface Range {
  readonly first: string;
  readonly last: string;
}

/**
 * @param which of a long list only a range can be found without looking at all labels of the campaign
 * @returns masks by image id; images without a label are left out
 */
export async function currentLabels(
  tx: Transaction,
  campaignId: string,
  which?: string[] | Range,
): Promise<Map<string, LabelMasks>> {
  const chosen = Array.isArray(which)
    ? inArray(labels.imageId, which)
    : which && between(labels.imageId, which.first, which.last);
  const rows = await tx
    .selectDistinctOn([labels.imageId], { imageId: labels.imageId, masks: labels.masks })
    .from(labels)
    .where(and(eq(labels.campaignId, campaignId), chosen))
    .orderBy(labels.imageId, desc(labels.cycle));
  return new Map(rows.map((row) => [row.imageId, LabelMasks.fromJSON(row.masks)]));
}
