// What we run in the benchmarks. A task prepares itself and gives the function that a repeat calls.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { RateSpec } from '../../proto/gen/cpral/v1/panoptic_scorer.ts';
import {
  DropoutPlacement,
  EncoderConvention,
  type NetworkConfig,
  PanopticScore,
  Precision,
  RegionalScore,
} from '../../proto/gen/cpral/v1/resources.ts';
import { extendLabel } from '../../services/label-extender/extend.ts';
import rate from '../../services/panoptic-scorer/rate.ts';
import { findCandidates } from '../../services/region-selector/candidates.ts';
import findRegions from '../../services/region-selector/find-regions.ts';
import { openGaussianFilter } from '../../services/region-selector/gaussian-filter.ts';
import { gaussianKernel } from '../../services/region-selector/gaussian-kernel.ts';
import { encodeRgb } from '../../services/shared/images/images.ts';
import { NO_CLASS, ORIGIN_NOBODY, ORIGIN_ORACLE } from '../../services/shared/labels/origins.ts';
import { freshWeights } from '../../services/shared/model/fresh-weights.ts';
import { networkParameters } from '../../services/shared/model/network-parameters.ts';
import { writeSafetensors } from '../../services/shared/model/safetensors.ts';
import { openScoringSession } from '../../services/shared/model/scoring-session.ts';
import { openTrainingSession } from '../../services/shared/model/training-session.ts';
import { refBlob } from '../../services/shared/objects/blob.ts';
import { folderObjectStore } from '../../services/shared/objects/folder-object-store.ts';
import { seededRandom } from '../../services/shared/random.ts';
import type { Mode, Shape, TaskName } from './shape.ts';

export type Repeat = () => unknown;
type Prepare = (shape: Shape, mode: Mode) => Repeat | Promise<Repeat>;

/** Images that a repeat of the tasks from disk handles. */
const SHARD = 4;

export const tasks: Readonly<Record<TaskName, Prepare>> = {
  training(shape, mode) {
    const { batch, height, width, classes } = shape;
    const session = openTrainingSession({
      network: networkOf(mode),
      classCount: classes,
      size: { height, width },
      batchSize: batch,
      momentum: 0.9,
      weightDecay: 5e-4,
      lossPrediction: { enabled: true, margin: 1, weight: 1, detachAfter: 0.6 },
    });
    session.setState(freshWeights(session.parameters, 0));
    const images = bytes(batch * height * width * 3, 256);
    const labels = bytes(batch * height * width, classes);
    const classWeights = new Float32Array(classes).fill(1);
    let step = 0;
    return () =>
      session.step({ images, labels, classWeights, learningRate: 1e-3, seed: [0, step++], trainEncoderByHead: true });
  },

  scoring(shape, mode) {
    const session = trained(shape, mode);
    const image = bytes(shape.height * shape.width * 3, 256);
    return () => session.classes(image);
  },

  voting(shape, mode) {
    const session = trained(shape, mode);
    const image = bytes(shape.height * shape.width * 3, 256);
    return () => session.vote(image, { passes: shape.passes, seed: [1, 2] }).entropy();
  },

  /** Regional Gaussian attention whole: counted votes to entropy, filter, suppression. */
  attention(shape, mode) {
    const { height, width, passes, regionSizePx } = shape;
    const votes = trained(shape, mode).vote(bytes(height * width * 3, 256), { passes, seed: [1, 2] });
    const { filter } = openGaussianFilter({ height, width }, gaussianKernel({ regionSizePx, sigma: 2 }));
    const labelled = new Uint8Array(height * width);
    return () => findCandidates(votes.entropy(), labelled, shape, { filter, regionSizePx, maxCandidates: 32 });
  },

  /** Contextual labels extension of an image of which a quarter is labelled, in the paper's setting. */
  extension({ height, width, classes }) {
    const data = bytes(height * width * 3, 256);
    const labelled = Uint8Array.from({ length: height * width }, (_, pixel) => (pixel % width < width / 4 ? 1 : 0));
    // Blocks of one class each, as large as a cell's neighbourhood or larger: labels of streets are not noise.
    const ids = Uint8Array.from({ length: height * width }, (_, pixel) => {
      const [y, x] = [Math.floor(pixel / width), pixel % width];
      return ((y >> 6) * 7 + (x >> 6) * 3) % classes;
    });
    const label = {
      height,
      width,
      classes: ids.map((id, pixel) => (labelled[pixel] === 1 ? id : NO_CLASS)),
      origins: labelled.map((is) => (is === 1 ? ORIGIN_ORACLE : ORIGIN_NOBODY)),
    };
    const options = { classCount: classes, scale: 10, stridePx: 8, minConfidence: 0, maxDistancePx: 0 };
    return () => extendLabel({ height, width, data }, label, options);
  },

  /** Images in a folder to ratings: what a worker does for each image of the pool. */
  async rating(shape, mode) {
    const { objects, model, images } = await pool(shape, mode);
    const score = PanopticScore.PANOPTIC_SCORE_LOSS_PREDICTION;
    const spec = { ...RateSpec.fromPartial({ score }), model, images };
    return () => rate(spec, { objects, progress: () => {} });
  },

  /** Images in a folder to candidate regions: what a worker does for each image of the subset. */
  async finding(shape, mode) {
    const { objects, model, images } = await pool(shape, mode);
    const spec = {
      model,
      images,
      score: RegionalScore.REGIONAL_SCORE_GAUSSIAN,
      regionSizePx: shape.regionSizePx,
      passes: shape.passes,
      sigma: 2,
      seed: 1,
      maxCandidates: 1000,
      spacingPx: 0,
      classWeights: [],
      keepPredictions: false,
    };
    return () => findRegions(spec, { objects, progress: () => {} });
  },
};

function networkOf(mode: Mode): NetworkConfig {
  return {
    encoder: 'mobilenetv2',
    widthMultiplier: 1,
    asppChannels: 256,
    decoderChannels: 256,
    decoderSeparable: false,
    dropout: 0.25,
    precision: mode.startsWith('bfloat16') ? Precision.PRECISION_BFLOAT16 : Precision.PRECISION_FLOAT32,
    dropoutPlacement: mode.endsWith('-late')
      ? DropoutPlacement.DROPOUT_PLACEMENT_CLASSIFIER
      : DropoutPlacement.DROPOUT_PLACEMENT_ENCODER,
    encoderConvention: EncoderConvention.ENCODER_CONVENTION_UNSPECIFIED,
  };
}

function trained({ height, width, classes }: Shape, mode: Mode) {
  const network = networkOf(mode);
  const session = openScoringSession({ network, classCount: classes, size: { height, width } });
  session.load(freshWeights(networkParameters(network, classes), 0), 'fresh weights');
  return session;
}

/** A folder of images with a model that scores them; it goes when the process ends. */
async function pool({ height, width, classes }: Shape, mode: Mode) {
  const folder = mkdtempSync(path.join(tmpdir(), 'cpral-bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true }));
  const objects = folderObjectStore(folder);
  const network = networkOf(mode);
  const weights = writeSafetensors(freshWeights(networkParameters(network, classes), 0));
  const model = { network, classCount: classes, size: { height, width }, weights: refBlob(await objects.put(weights)) };
  const images = [];
  for (let i = 0; i < SHARD; i++) {
    const data = bytes(height * width * 3, 256, i);
    const image = refBlob(await objects.put(await encodeRgb({ height, width, data })));
    images.push({ imageId: `image${i}`, image, origins: undefined });
  }
  return { objects, model, images };
}

function bytes(length: number, limit: number, seed = 0): Uint8Array {
  const random = seededRandom('bench', length, seed);
  return Uint8Array.from({ length }, () => Math.floor(limit * random()));
}
