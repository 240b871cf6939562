// Trains the cycle's model on the labels so far, and measures it.
import { and, eq, gt, inArray, type SQL } from 'drizzle-orm';
import {
  CampaignStep,
  Evaluation,
  LabelCounts,
  type LabelMasks,
  Model,
  ObjectRef,
  Split,
} from '../../../../proto/gen/cpral/v1/resources.ts';
import { type TrainingSample, TrainingSamples } from '../../../../proto/gen/cpral/v1/trainer.ts';
import { assert } from '../../../shared/errors.ts';
import { refBlob } from '../../../shared/objects/blob.ts';
import { keepList } from '../../../shared/objects/stored-list.ts';
import type { Transaction } from '../../database.ts';
import { publishEvent } from '../../outbox.ts';
import { cycles, images, labels, models } from '../../schema.ts';
import { type CampaignRow, deriveSeed } from '../campaign-row.ts';
import { currentLabels } from '../current-labels.ts';
import { excludedImages } from '../excluded-images.ts';
import { countLabels } from '../label-counts.ts';
import { pagesOf } from '../shards.ts';
import type { Step } from '../step.ts';
import { trainingOf } from '../training-of.ts';

const SAMPLES_PER_PAGE = 1_000;

export const train: Step = {
  step: CampaignStep.CAMPAIGN_STEP_TRAIN,

  async *enter(tx, campaign, objects) {
    const { campaignId, cycle, config, size, classCount } = campaign;
    const labelled = await countLabels(tx, campaign);
    await tx.insert(cycles).values({ campaignId, cycle, labelled: LabelCounts.toJSON(labelled) });
    const train = await keepList(objects, labelledSamples(tx, campaign), encodeSamples);
    const val = await keepList(objects, validationSamples(tx, campaign), encodeSamples);
    const spec = {
      config: trainingOf(campaign, Number(labelled.pixels)),
      classCount,
      size,
      train: train.inline,
      storedTrain: train.stored,
      val: val.inline,
      storedVal: val.stored,
      seed: deriveSeed(config.seed, 'train', cycle),
    };
    yield { spec: { $case: 'train', value: spec } };
  },

  async commit(tx, campaign, { result }) {
    assert(result?.$case === 'train' && result.value.evaluation, 'a training gives an evaluation');
    const { campaignId, cycle, config, size, classCount } = campaign;
    const { weights, evaluation, loss } = result.value;
    const modelId = `${campaignId}-${cycle}`;
    const network = config.training?.network;
    const model = Model.toJSON({
      ...Model.fromPartial({ modelId, campaignId, cycle, classCount }),
      network,
      size,
      weights,
      evaluation,
      createTime: new Date(),
    });
    await tx.insert(models).values({ modelId, campaignId, cycle, model });
    await tx
      .update(cycles)
      .set({ modelId, evaluation: Evaluation.toJSON(evaluation), loss })
      .where(and(eq(cycles.campaignId, campaignId), eq(cycles.cycle, cycle)));
    await publishEvent(tx, 'cpral.model.trained', modelId, { campaignId, cycle, modelId, miou: evaluation.miou });
  },

  next: ({ cycle, config }) =>
    cycle + 1 < config.cycles ? CampaignStep.CAMPAIGN_STEP_RATE : CampaignStep.CAMPAIGN_STEP_DONE,
};

const encodeSamples = (samples: TrainingSample[]) => TrainingSamples.encode({ samples }).finish();

async function* labelledSamples(
  tx: Transaction,
  { campaignId, datasetKey }: CampaignRow,
): AsyncGenerator<TrainingSample[]> {
  const excluded = await excludedImages(tx, campaignId);
  for await (const page of samples(tx, datasetKey, Split.SPLIT_TRAIN, isLabelled(tx, campaignId))) {
    const current = await currentLabels(tx, campaignId, { first: page[0]!.imageId, last: page.at(-1)!.imageId });
    yield page.flatMap(({ imageId, image }) => {
      const masks: LabelMasks | undefined = current.get(imageId);
      return masks?.classes && !excluded.has(imageId)
        ? [{ imageId, image: refBlob(ObjectRef.fromJSON(image)), classes: refBlob(masks.classes) }]
        : [];
    });
  }
}

async function* validationSamples(tx: Transaction, { datasetKey }: CampaignRow): AsyncGenerator<TrainingSample[]> {
  for await (const page of samples(tx, datasetKey, Split.SPLIT_VAL)) {
    yield page.map(({ imageId, image, groundTruth }) => ({
      imageId,
      image: refBlob(ObjectRef.fromJSON(image)),
      classes: refBlob(ObjectRef.fromJSON(groundTruth)),
    }));
  }
}

function isLabelled(tx: Transaction, campaignId: string): SQL {
  const labelled = tx.select({ imageId: labels.imageId }).from(labels).where(eq(labels.campaignId, campaignId));
  return inArray(images.imageId, labelled);
}

function samples(tx: Transaction, datasetKey: number, split: Split, which?: SQL) {
  const ofSplit = and(eq(images.datasetKey, datasetKey), eq(images.split, split), which);
  return pagesOf<{ imageId: string; image: unknown; groundTruth: unknown }>((after) =>
    tx
      .select({ imageId: images.imageId, image: images.image, groundTruth: images.groundTruth })
      .from(images)
      .where(and(ofSplit, after && gt(images.imageId, after.imageId)))
      .orderBy(images.imageId)
      .limit(SAMPLES_PER_PAGE),
  );
}
