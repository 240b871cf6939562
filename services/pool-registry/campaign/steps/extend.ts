// Contextual labels extension over the labelled images of the panoptic subset.
import { and, eq, isNotNull } from 'drizzle-orm';
import { CampaignStep, ExtensionFeatures, ObjectRef } from '../../../../proto/gen/cpral/v1/resources.ts';
import { assert } from '../../../shared/errors.ts';
import { refBlob } from '../../../shared/objects/blob.ts';
import { bytewise, type Transaction } from '../../database.ts';
import { images, ratings } from '../../schema.ts';
import type { CampaignRow } from '../campaign-row.ts';
import { commitLabels } from '../commit-labels.ts';
import { currentLabels } from '../current-labels.ts';
import { excludedImages } from '../excluded-images.ts';
import { scoringModel } from '../scoring-model.ts';
import { type Step, shards } from '../step.ts';

const IMAGES_PER_SHARD = 16;

export const extend: Step = {
  step: CampaignStep.CAMPAIGN_STEP_EXTEND,

  async enter(tx, campaign) {
    const { config, size, classCount } = campaign;
    const labelled = await labelledOfSubset(tx, campaign);
    const encoder = config.extension?.features === ExtensionFeatures.EXTENSION_FEATURES_ENCODER;
    const model = encoder ? await scoringModel(tx, campaign) : undefined;
    return shards(labelled, IMAGES_PER_SHARD).map((images) => ({
      spec: { $case: 'extendLabels', value: { images, config: config.extension, size, classCount, model } },
    }));
  },

  async commit(tx, campaign, { result }) {
    assert(result?.$case === 'extendLabels', 'extension gives labels');
    await commitLabels(tx, campaign, result.value.labels);
  },

  next: () => CampaignStep.CAMPAIGN_STEP_TRAIN,
};

async function labelledOfSubset(tx: Transaction, { campaignId, cycle, datasetKey }: CampaignRow) {
  const rows = await tx
    .select({ imageId: images.imageId, image: images.image })
    .from(ratings)
    .innerJoin(images, and(eq(images.datasetKey, datasetKey), eq(images.imageId, ratings.imageId)))
    .where(and(eq(ratings.campaignId, campaignId), eq(ratings.cycle, cycle), isNotNull(ratings.subsetRank)))
    .orderBy(bytewise(images.imageId));
  const labels = await currentLabels(tx, campaignId);
  const excluded = await excludedImages(tx, campaignId);
  return rows.flatMap(({ imageId, image }) => {
    const masks = labels.get(imageId);
    if (!masks?.classes || !masks.origins || excluded.has(imageId)) return [];
    return [
      {
        imageId,
        image: refBlob(ObjectRef.fromJSON(image)),
        classes: refBlob(masks.classes),
        origins: refBlob(masks.origins),
      },
    ];
  });
}
