// Work that counts what the cycle's model had wrong in the picked windows: for the report, and seen by nothing that selects.
import { and, eq, inArray } from 'drizzle-orm';
import type { Window } from '../../../proto/gen/cpral/v1/oracle.ts';
import type { PickedImage } from '../../../proto/gen/cpral/v1/panoptic_scorer.ts';
import { ObjectRef } from '../../../proto/gen/cpral/v1/resources.ts';
import type { WorkSpec } from '../../../proto/gen/cpral/v1/work.ts';
import { refBlob } from '../../shared/objects/blob.ts';
import type { Transaction } from '../database.ts';
import { images } from '../schema.ts';
import { shardsOfWindows } from './annotation-work.ts';
import type { CampaignRow } from './campaign-row.ts';
import { currentLabels } from './current-labels.ts';
import { scoringModel } from './scoring-model.ts';

export async function* measuringWork(
  tx: Transaction,
  campaign: CampaignRow,
  windows: ReadonlyMap<string, Window[]>,
): AsyncGenerator<WorkSpec> {
  const model = await scoringModel(tx, campaign);
  for (const imageIds of shardsOfWindows(windows)) {
    const picked = await pickedImages(tx, campaign, imageIds, windows);
    if (picked.length === 0) continue;
    yield { spec: { $case: 'measurePicks', value: { model, images: picked } } };
  }
}

async function pickedImages(
  tx: Transaction,
  { campaignId, datasetKey }: CampaignRow,
  imageIds: string[],
  windows: ReadonlyMap<string, Window[]>,
): Promise<PickedImage[]> {
  const rows = await tx
    .select({ imageId: images.imageId, image: images.image, groundTruth: images.groundTruth })
    .from(images)
    .where(and(eq(images.datasetKey, datasetKey), inArray(images.imageId, imageIds)));
  const labels = await currentLabels(tx, campaignId, imageIds);
  const byId = new Map(rows.map((row) => [row.imageId, row]));
  // What people annotate may have no truth to compare with.
  return imageIds.flatMap((imageId) => {
    const row = byId.get(imageId)!;
    if (!row.groundTruth) return [];
    const origins = labels.get(imageId)?.origins;
    return [
      {
        imageId,
        image: refBlob(ObjectRef.fromJSON(row.image)),
        groundTruth: refBlob(ObjectRef.fromJSON(row.groundTruth)),
        origins: origins && refBlob(origins),
        windows: windows.get(imageId) ?? [],
      },
    ];
  });
}
