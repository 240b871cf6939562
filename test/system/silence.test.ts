// A worker whose work reports nothing for two minutes takes it for hung. An image takes seconds at most, so whoever reports at
// least once an image is safe, however many images there are.
import { afterAll, describe, expect, it } from 'vitest';
import { SamplerConfig } from '../../proto/gen/cpral/v1/panoptic_scorer.ts';
import {
  ExtensionConfig,
  ExtensionFeatures,
  ExtensionMethod,
  NoiseUnit,
  PanopticScore,
  RegionalScore,
} from '../../proto/gen/cpral/v1/resources.ts';
import extendLabels from '../../services/label-extender/extend-labels.ts';
import annotate from '../../services/oracle/annotate.ts';
import { encodeEmbeddings } from '../../services/panoptic-scorer/embeddings.ts';
import measurePicks from '../../services/panoptic-scorer/measure-picks.ts';
import rate from '../../services/panoptic-scorer/rate.ts';
import selectCentres from '../../services/panoptic-scorer/select-centres.ts';
import { encodeThumbnails } from '../../services/panoptic-scorer/thumbnails.ts';
import trainSampler from '../../services/panoptic-scorer/train-sampler.ts';
import findRegions from '../../services/region-selector/find-regions.ts';
import type { ComputeContext } from '../../services/shared/compute/compute.ts';
import { encodeMask, encodeRgb } from '../../services/shared/images/images.ts';
import { ORIGIN_ORACLE } from '../../services/shared/labels/origins.ts';
import { freshWeights } from '../../services/shared/model/fresh-weights.ts';
import { networkParameters } from '../../services/shared/model/network-parameters.ts';
import { closeScoringModels } from '../../services/shared/model/open-scoring-model.ts';
import { writeSafetensors } from '../../services/shared/model/safetensors.ts';
import { refBlob } from '../../services/shared/objects/blob.ts';
import train from '../../services/trainer/train.ts';
import { memoryObjectStore } from '../support/memory-object-store.ts';
import { TINY_CLASSES, TINY_NETWORK, TINY_SIZE, tinyImage, tinyLabels } from '../support/tiny-network.ts';
import { tinyTraining } from '../support/tiny-training.ts';

const IMAGES = 5;
const BLOCKS = 6;
const PASSES = 2;
const THUMBNAIL = { height: 16, width: 16 };
const { EXTENSION_FEATURES_ENCODER: ENCODER_FEATURES } = ExtensionFeatures;
const { EXTENSION_METHOD_SELF_TRAINING: SELF_TRAINING } = ExtensionMethod;
/** An image, its classes, and its origins or ground truth; before the first one a model's weights or a batch of centres. */
const OBJECTS_AN_IMAGE = 3;
const OBJECTS_BEFORE = 1;

const objects = memoryObjectStore();
afterAll(closeScoringModels);

const put = async (bytes: Uint8Array) => refBlob(await objects.put(bytes));
const size = TINY_SIZE;
const classCount = TINY_CLASSES;
const weights = await put(writeSafetensors(freshWeights(networkParameters(TINY_NETWORK, TINY_CLASSES), 1)));
const model = { network: TINY_NETWORK, classCount, size, weights };
const windows = [{ top: 0, left: 0, height: 16, width: 16 }];
const images = await Promise.all(
  Array.from({ length: IMAGES }, async (_, i) => ({
    imageId: `image-${i}`,
    image: await put(await encodeRgb({ ...size, data: tinyImage(i) })),
    groundTruth: await put(await encodeMask({ ...size, data: tinyLabels(0, i) })),
    classes: await put(await encodeMask({ ...size, data: tinyLabels(0, 'classes', i) })),
    origins: await put(
      await encodeMask({ ...size, data: new Uint8Array(size.height * size.width).fill(ORIGIN_ORACLE) }),
    ),
    windows,
    answers: [],
  })),
);
const unlabelled = images.map((image) => ({ ...image, classes: undefined, origins: undefined }));
const rating = { model, images, passes: PASSES, seed: 1, candidates: true, centres: false };
const blocks = await Promise.all(
  Array.from({ length: BLOCKS }, async (_, i) => ({
    embeddings: await put(
      encodeEmbeddings({ imageIds: [`image-${i}`], dimensions: 2, values: Float32Array.of(i, i * i) }),
    ),
    candidates: true,
    centres: i < 2,
  })),
);
/** An image a block, so that each is read by itself. */
const thumbnails = await Promise.all(
  Array.from({ length: BLOCKS }, async (_, i) => {
    const pixels = new Uint8Array(THUMBNAIL.height * THUMBNAIL.width * 3).fill(40 * i);
    return {
      thumbnails: await put(encodeThumbnails({ imageIds: [`image-${i}`], size: THUMBNAIL, pixels, ranks: [] })),
      ...{ candidates: i < 3, labelled: i >= 3, imageCount: 1 },
    };
  }),
);
const sampling = {
  ...{ blocks: thumbnails, storedBlocks: undefined, seed: 1, count: 2 },
  config: SamplerConfig.fromPartial({
    ...{ steps: 2, vaeSteps: 2, batchSize: 2, latentChannels: 8 },
    ...{ beta: 1, adversaryWeight: 1, learningRate: 5e-4 },
  }),
};
const training = await tinyTraining(objects);
const manyToMeasure = { ...training, val: Array.from({ length: IMAGES }, () => training.val).flat() };

const FUNCTIONS: [string, (context: ComputeContext) => Promise<unknown>][] = [
  ['training', (context) => train({ spec: manyToMeasure, checkpoint: undefined }, context)],
  [
    'rating',
    (context) => rate({ ...rating, score: PanopticScore.PANOPTIC_SCORE_MC_DROPOUT, images: unlabelled }, context),
  ],
  [
    'embedding',
    (context) => rate({ ...rating, score: PanopticScore.PANOPTIC_SCORE_CORE_SET, images: unlabelled }, context),
  ],
  ['core-set', (context) => selectCentres({ blocks, storedBlocks: undefined, count: 2 }, context)],
  ['measuring picks', (context) => measurePicks({ model, images: unlabelled }, context)],
  ['the search for regions', (context) => findRegions(regions, context)],
  [
    'annotation',
    (context) =>
      annotate(
        {
          ...{ tasks: unlabelled, size, classCount, noise: 0, seed: 1 },
          ...{ origin: ORIGIN_ORACLE, noiseUnit: NoiseUnit.NOISE_UNIT_PIXEL },
        },
        context,
      ),
  ],
  [
    'shrinking',
    (context) =>
      rate(
        {
          ...rating,
          ...{ images: unlabelled, score: PanopticScore.PANOPTIC_SCORE_TA_VAAL, thumbnailSize: THUMBNAIL },
        },
        context,
      ),
  ],
  ['the training of a sampler', (context) => trainSampler({ spec: sampling, checkpoint: undefined }, context)],
  ['extension', (context) => extend({ scale: 10, stridePx: 8 }, context)],
  [
    'extension by features of the encoder',
    (context) => extend({ scale: 10, stridePx: 16, features: ENCODER_FEATURES }, context),
  ],
  ['self-training', (context) => extend({ method: SELF_TRAINING, stridePx: 8, minConfidence: 0.9 }, context)],
];
const extend = (config: Partial<ExtensionConfig>, context: ComputeContext) =>
  extendLabels({ images, config: ExtensionConfig.fromPartial(config), size, classCount, model }, context);
const regions = {
  ...{ model, images: unlabelled, score: RegionalScore.REGIONAL_SCORE_WINDOW_SUM, regionSizePx: 15 },
  ...{ passes: PASSES, sigma: 1, seed: 1, maxCandidates: 2, spacingPx: 0, classWeights: [], keepPredictions: false },
};

describe('work that is never silent for longer than an image takes', () => {
  it.each(FUNCTIONS)('is %s', async (_, run) => {
    let reads = 0;
    let longestSilence = 0;
    const reading = {
      ...objects,
      get(ref: Parameters<typeof objects.get>[0]) {
        longestSilence = Math.max(longestSilence, ++reads);
        return objects.get(ref);
      },
    };
    const progress = () => {
      reads = 0;
    };
    await run({ objects: reading, progress });
    expect(longestSilence).toBeLessThanOrEqual(OBJECTS_BEFORE + OBJECTS_AN_IMAGE);
    expect(longestSilence).toBeGreaterThan(0);
  });
});
