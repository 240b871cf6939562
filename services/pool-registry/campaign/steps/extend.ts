// Contextual labels extension over the labelled images of the panoptic subset, or self-training over all that have a label.
import { and, eq, gt, inArray, isNotNull } from 'drizzle-orm';
import type { ExtensionImage } from '../../../../proto/gen/cpral/v1/label_extender.ts';
import {
  CampaignStep,
  ExtensionFeatures,
  ExtensionMethod,
  ObjectRef,
} from '../../../../proto/gen/cpral/v1/resources.ts';
import { assert } from '../../../shared/errors.ts';
import { refBlob } from '../../../shared/objects/blob.ts';
import type { Transaction } from '../../database.ts';
import { images, labels, ratings } from '../../schema.ts';
import type { CampaignRow } from '../campaign-row.ts';
import { commitLabels } from '../commit-labels.ts';
import { currentLabels } from '../current-labels.ts';
import { excludedImages } from '../excluded-images.ts';
import { scoringModel } from '../scoring-model.ts';
import { pagesOf, shardsOf } from '../shards.ts';
import type { Step } from '../step.ts';

const IMAGES_PER_SHARD = 16;
const IMAGES_PER_PAGE = 100 * IMAGES_PER_SHARD;

export const extend: Step = {
  step: CampaignStep.CAMPAIGN_STEP_EXTEND,

  async *enter(tx, campaign) {
    const { config, size, classCount } = campaign;
    const selfTraining = config.extension?.method === ExtensionMethod.EXTENSION_METHOD_SELF_TRAINING;
    const encoder = config.extension?.features === ExtensionFeatures.EXTENSION_FEATURES_ENCODER;
    const model = encoder || selfTraining ? await scoringModel(tx, campaign) : undefined;
    for await (const images of shardsOf(labelledImages(tx, campaign, !selfTraining), IMAGES_PER_SHARD)) {
      yield { spec: { $case: 'extendLabels', value: { images, config: config.extension, size, classCount, model } } };
    }
  },

  async commit(tx, campaign, { result }) {
    assert(result?.$case === 'extendLabels', 'extension gives labels');
    await commitLabels(tx, campaign, result.value.labels);
  },

  next: () => CampaignStep.CAMPAIGN_STEP_TRAIN,
};

async function* labelledImages(
  tx: Transaction,
  campaign: CampaignRow,
  ofSubset: boolean,
): AsyncGenerator<ExtensionImage[]> {
  const { campaignId, cycle, datasetKey } = campaign;
  const excluded = await excludedImages(tx, campaignId);
  const labelled = tx.select({ imageId: labels.imageId }).from(labels).where(eq(labels.campaignId, campaignId));
  const pages = pagesOf<{ imageId: string; image: unknown }>((after) =>
    tx
      .select({ imageId: images.imageId, image: images.image })
      .from(ratings)
      .innerJoin(images, and(eq(images.datasetKey, datasetKey), eq(images.imageId, ratings.imageId)))
      .where(
        and(
          eq(ratings.campaignId, campaignId),
          eq(ratings.cycle, cycle),
          ofSubset ? isNotNull(ratings.subsetRank) : undefined,
          inArray(ratings.imageId, labelled),
          // Said of both tables: a join of two sorted ones would else read the second from its start for every page.
          after && and(gt(ratings.imageId, after.imageId), gt(images.imageId, after.imageId)),
        ),
      )
      .orderBy(ratings.imageId)
      .limit(IMAGES_PER_PAGE),
  );
  for await (const page of pages) {
    const imageIds = page.map(({ imageId }) => imageId);
    const current = await currentLabels(tx, campaignId, imageIds);
    yield page.flatMap(({ imageId, image }) => {
      const masks = current.get(imageId);
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
}
