// A valid request for every method that computes, over tiny images that are in the store; the edges are cut from these.
import { ExtendLabelsRequest } from '../../../proto/gen/cpral/v1/label_extender.ts';
import { AnnotateRequest } from '../../../proto/gen/cpral/v1/oracle.ts';
import {
  MeasurePicksRequest,
  RateRequest,
  RateSpec,
  SelectCentresRequest,
  TrainSamplerRequest,
} from '../../../proto/gen/cpral/v1/panoptic_scorer.ts';
import { CreateCampaignRequest } from '../../../proto/gen/cpral/v1/pool_registry.ts';
import { FindRegionsRequest } from '../../../proto/gen/cpral/v1/region_selector.ts';
import {
  ExtensionConfig,
  type MessageFns,
  NoiseUnit,
  PanopticScore,
  RegionalScore,
} from '../../../proto/gen/cpral/v1/resources.ts';
import { TrainRequest } from '../../../proto/gen/cpral/v1/trainer.ts';
import { encodeEmbeddings } from '../../../services/panoptic-scorer/embeddings.ts';
import { encodeThumbnails } from '../../../services/panoptic-scorer/thumbnails.ts';
import { encodeMask, encodeRgb } from '../../../services/shared/images/images.ts';
import { ORIGIN_ORACLE } from '../../../services/shared/labels/origins.ts';
import { freshWeights } from '../../../services/shared/model/fresh-weights.ts';
import { networkParameters } from '../../../services/shared/model/network-parameters.ts';
import { writeSafetensors } from '../../../services/shared/model/safetensors.ts';
import { refBlob } from '../../../services/shared/objects/blob.ts';
import type { ObjectStore } from '../../../services/shared/objects/object-store.ts';
import { presetConfig } from '../../support/campaign-config.ts';
import { TINY_CLASSES, TINY_NETWORK, TINY_SIZE, tinyImage, tinyLabels } from '../../support/tiny-network.ts';
import { tinyTraining } from '../../support/tiny-training.ts';

const WINDOW = { top: 3, left: 5, height: 7, width: 9 };
const THUMBNAIL = { height: 16, width: 16 };

/** @returns encoded requests by the method's name */
export async function baseRequests(objects: ObjectStore, datasetId: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const put = async (bytes: Uint8Array) => refBlob(await objects.put(bytes));
  const image = await put(await encodeRgb({ ...TINY_SIZE, data: tinyImage('a') }));
  const groundTruth = await put(await encodeMask({ ...TINY_SIZE, data: tinyLabels(0, 'a') }));
  const labels = tinyLabels(0.9, 'a');
  const classes = await put(await encodeMask({ ...TINY_SIZE, data: labels }));
  const origins = await put(
    await encodeMask({ ...TINY_SIZE, data: labels.map((label) => (label === 255 ? 0 : ORIGIN_ORACLE)) }),
  );
  const weights = await put(writeSafetensors(freshWeights(networkParameters(TINY_NETWORK, TINY_CLASSES), 1)));
  const model = { network: TINY_NETWORK, classCount: TINY_CLASSES, size: TINY_SIZE, weights };
  const windows = [WINDOW];
  const imageIds = ['a', 'b'];
  const embeddings = await put(encodeEmbeddings({ imageIds, dimensions: 2, values: Float32Array.of(1, 2, 3, 4) }));
  const pixels = new Uint8Array(imageIds.length * THUMBNAIL.height * THUMBNAIL.width * 3).fill(99);
  const thumbnails = await put(encodeThumbnails({ imageIds, size: THUMBNAIL, pixels, ranks: [] }));

  const requests: [string, Uint8Array][] = [
    encoded(CreateCampaignRequest, 'CreateCampaign', {
      campaignId: '',
      requestId: '',
      datasetId,
      validateOnly: true,
      config: presetConfig({}),
    }),
    encoded(TrainRequest, 'Train', { spec: await shortTraining(objects), checkpoint: undefined }),
    encoded(RateRequest, 'Rate', {
      spec: {
        ...RateSpec.fromPartial({ score: PanopticScore.PANOPTIC_SCORE_MC_DROPOUT, passes: 2, seed: 1 }),
        model,
        images: [{ imageId: 'a', image, origins }],
      },
    }),
    encoded(SelectCentresRequest, 'SelectCentres', {
      spec: { blocks: [{ embeddings, candidates: true, centres: false }], count: 1, storedBlocks: undefined },
    }),
    encoded(TrainSamplerRequest, 'TrainSampler', {
      spec: {
        blocks: [
          { thumbnails, candidates: true, labelled: false, imageCount: imageIds.length },
          { thumbnails, candidates: false, labelled: true, imageCount: imageIds.length },
        ],
        config: {
          steps: 1,
          vaeSteps: 1,
          batchSize: 2,
          latentChannels: 4,
          beta: 1,
          adversaryWeight: 1,
          learningRate: 5e-4,
          ranked: false,
        },
        seed: 1,
        count: 1,
        storedBlocks: undefined,
      },
      checkpoint: undefined,
    }),
    encoded(MeasurePicksRequest, 'MeasurePicks', {
      spec: { model, images: [{ imageId: 'a', image, groundTruth, origins, windows }] },
    }),
    encoded(FindRegionsRequest, 'FindRegions', {
      spec: {
        model,
        images: [{ imageId: 'a', image, origins }],
        score: RegionalScore.REGIONAL_SCORE_GAUSSIAN,
        regionSizePx: 9,
        passes: 2,
        sigma: 2,
        seed: 1,
        maxCandidates: 5,
        spacingPx: 0,
        classWeights: new Array(TINY_CLASSES).fill(1),
        keepPredictions: true,
      },
    }),
    encoded(AnnotateRequest, 'Annotate', {
      spec: {
        tasks: [{ imageId: 'a', groundTruth, classes, origins, windows, answers: [] }],
        size: TINY_SIZE,
        classCount: TINY_CLASSES,
        noise: 0.2,
        seed: 1,
        origin: ORIGIN_ORACLE,
        noiseUnit: NoiseUnit.NOISE_UNIT_SEGMENT,
      },
    }),
    encoded(ExtendLabelsRequest, 'ExtendLabels', {
      spec: {
        images: [{ imageId: 'a', image, classes, origins }],
        config: ExtensionConfig.fromPartial({ scale: 10, stridePx: 8, minConfidence: 0.5, maxDistancePx: 16 }),
        size: TINY_SIZE,
        classCount: TINY_CLASSES,
        model,
      },
    }),
  ];
  return new Map(requests);
}

async function shortTraining(objects: ObjectStore) {
  const { train, config, ...spec } = await tinyTraining(objects);
  return { ...spec, train: train.slice(0, 2), config: { ...config!, steps: 1, batchSize: 2 } };
}

function encoded<T>(type: MessageFns<T>, method: string, request: T): [string, Uint8Array] {
  return [method, type.encode(request).finish()];
}
