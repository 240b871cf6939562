import { afterEach, describe, expect, it } from 'vitest';
import {
  DropoutPlacement,
  EncoderConvention,
  type NetworkConfig,
  Precision,
} from '../../../proto/gen/cpral/v1/resources.ts';
import { gradients } from '../../../services/shared/graph/gradients/gradients.ts';
import { freshWeights } from '../../../services/shared/model/fresh-weights.ts';
import { graphOperations } from '../../../services/shared/model/graph-operations.ts';
import { type ParameterSpec, trainingLayers } from '../../../services/shared/model/layers.ts';
import { networkParameters } from '../../../services/shared/model/network-parameters.ts';
import type { Operations, Shaped } from '../../../services/shared/model/operations.ts';
import { VELOCITY_PREFIX } from '../../../services/shared/model/training-graph.ts';
import { trainingLoss } from '../../../services/shared/model/training-loss.ts';
import { openTrainingSession, type TrainingSession } from '../../../services/shared/model/training-session.ts';
import type { WeightTensor } from '../../../services/shared/model/weights.ts';
import { seededRandom } from '../../../services/shared/random.ts';
import { tensorCount } from '../../../services/shared/tensorflow/tensorflow.ts';
import { eagerOperations, tf } from '../../support/eager-operations.ts';
import { trainEagerly } from '../../support/eager-training.ts';
import { runGraph } from '../../support/run-graph.ts';
import { TINY_CLASSES, TINY_DRN, TINY_NETWORK, TINY_SIZE, tinyImage, tinyLabels } from '../../support/tiny-network.ts';

const BATCH = 4;
const PIXELS = [BATCH, TINY_SIZE.height, TINY_SIZE.width];
const lossPrediction = { enabled: true, margin: 1, weight: 0.5, detachAfter: 0.6 };
const classWeights = Float32Array.from([1, 2, 0.5, 1, 1.5]);
const seed = [3, 4] as const;
const step = { learningRate: 0.1, seed, classWeights, trainEncoderByHead: true };

const networks: Readonly<Record<string, NetworkConfig>> = {
  'dense decoder': TINY_NETWORK,
  'separable decoder': { ...TINY_NETWORK, decoderSeparable: true },
  'dropout before the classifier': {
    ...TINY_NETWORK,
    dropoutPlacement: DropoutPlacement.DROPOUT_PLACEMENT_CLASSIFIER,
  },
  'no dropout': { ...TINY_NETWORK, dropout: 0 },
  'a convention of PyTorch': {
    ...TINY_NETWORK,
    encoderConvention: EncoderConvention.ENCODER_CONVENTION_PYTORCH,
  },
  'an encoder of DRN-D': TINY_DRN,
  'an encoder of DRN-D with bottlenecks': { ...TINY_DRN, encoder: 'drn-d-54' },
};

let session: TrainingSession | undefined;
afterEach(() => {
  session?.[Symbol.dispose]();
  session = undefined;
});

function trainingShape(network: NetworkConfig) {
  return { network, classCount: TINY_CLASSES, size: TINY_SIZE, batchSize: BATCH, momentum: 0.9, weightDecay: 0 };
}

function open(network: NetworkConfig): TrainingSession {
  session = openTrainingSession({ ...trainingShape(network), lossPrediction });
  return session;
}

/** Fresh weights with betas that are not all 0, so that every parameter matters. */
function startWeights(parameters: readonly ParameterSpec[]): Map<string, WeightTensor> {
  const random = seededRandom('start');
  return new Map(
    [...freshWeights(parameters, 1)].map(([name, { shape, data }]) => [
      name,
      { shape, data: name.endsWith('/beta') ? data.map(() => 0.2 * random() - 0.1) : data },
    ]),
  );
}

/** @param unlabelled the share of unlabelled pixels of each image */
function batchOf(unlabelled: readonly number[]) {
  const images = Uint8Array.from(unlabelled.flatMap((_, i) => [...tinyImage(i)]));
  const labels = Uint8Array.from(unlabelled.flatMap((share, i) => [...tinyLabels(share, i)]));
  return { images, labels };
}

function eagerOptions(network: NetworkConfig, batch: ReturnType<typeof batchOf>, gate: number) {
  return {
    network,
    classCount: TINY_CLASSES,
    size: TINY_SIZE,
    lossPrediction,
    images: tf.tensor(batch.images, [...PIXELS, 3], 'int32'),
    labels: tf.tensor(batch.labels, PIXELS, 'int32'),
    seed: tf.tensor1d([...seed], 'int32'),
    classWeights: tf.tensor1d(classWeights),
    gate: tf.scalar(gate),
  };
}

/** |a - b| / (|b| + floor), Euclidean; the floor is small beside gradients that are not cancelled by a batch norm. */
function relativeDifference(a: ArrayLike<number>, b: ArrayLike<number>, floor = 1e-2): number {
  const length = (values: readonly number[]) => Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0));
  const difference = Array.from(a, (value, i) => value - b[i]!);
  return length(difference) / (length(Array.from(b)) + floor);
}

/** ReLUs without their kinks: rounding moves no activation from one side to the other, so gradients can be compared closely. */
function withoutKinks<T extends Shaped>(operations: Operations<T>): Operations<T> {
  const half = (x: T) => operations.multiply(x, operations.constant([0.5], []));
  return { ...operations, relu: half, relu6: half };
}

describe('the network as a graph', () => {
  for (const [name, network] of Object.entries(networks)) {
    it(`has the losses and all gradients of the eager one: ${name}`, () => {
      const parameters = networkParameters(network, TINY_CLASSES);
      const weights = startWeights(parameters);
      const batch = batchOf([0, 0.3, 1, 0.7]);
      const eager = trainEagerly(
        withoutKinks(eagerOperations),
        { parameters, weights },
        eagerOptions(network, batch, 1),
      );

      const trained = parameters.filter(({ trainable }) => trainable);
      const inputs = [
        { shape: [...PIXELS, 3], data: batch.images },
        { shape: PIXELS, data: batch.labels },
        { shape: [2], data: Int32Array.from(seed) },
        { shape: [TINY_CLASSES], data: classWeights },
        ...parameters.map((parameter) => weights.get(parameter.name)!),
      ];
      const [segmentation, ranking, ...derivatives] = runGraph(inputs, (graph, tensors) => {
        const [images, labels, seeds, classes, ...values] = tensors;
        const byName = new Map(parameters.map((parameter, i) => [parameter.name, values[i]!]));
        const operations = withoutKinks(graphOperations(graph));
        const layers = trainingLayers(
          operations,
          (spec) => byName.get(spec.name)!,
          () => {},
        );
        const loss = trainingLoss(layers, {
          network,
          classCount: TINY_CLASSES,
          size: TINY_SIZE,
          lossPrediction,
          images: images!,
          labels: labels!,
          seed: seeds!,
          classWeights: classes!,
          gate: operations.constant([1], []),
        });
        const targets = trained.map((parameter) => byName.get(parameter.name)!);
        return [loss.segmentation, loss.ranking, ...gradients(graph, loss.total, targets).map((value) => value!)];
      });

      expect(segmentation!.data[0]).toBeCloseTo(eager.segmentation, 4);
      expect(ranking!.data[0]).toBeCloseTo(eager.ranking, 3);
      expect(eager.gradients.size).toBe(trained.length);
      const differences = trained.map((parameter, i) => ({
        name: parameter.name,
        difference: relativeDifference(derivatives[i]!.data, eager.gradients.get(parameter.name)!),
      }));
      expect(differences.filter(({ difference }) => difference > 1e-3)).toEqual([]);
    });
  }
});

describe('a compiled training step', () => {
  it('moves every parameter as the eager gradients say, and follows the running statistics', () => {
    const compiled = open(TINY_NETWORK);
    const { parameters } = compiled;
    const weights = startWeights(parameters);
    const batch = batchOf([0, 0.3, 1, 0.7]);
    compiled.setState(weights);
    const losses = compiled.step({ ...batch, ...step });
    const state = compiled.state();
    const eager = trainEagerly(eagerOperations, { parameters, weights }, eagerOptions(TINY_NETWORK, batch, 1));

    expect(losses.segmentation).toBeCloseTo(eager.segmentation, 4);
    expect(losses.ranking).toBeCloseTo(eager.ranking, 3);
    const valueAt = (name: string) => state.get(name)!.data;
    for (const [name, gradient] of eager.gradients) {
      // After one step from rest the velocity is the gradient; activations at a kink move it by some hundredths.
      const velocity = valueAt(VELOCITY_PREFIX + name);
      expect({ name, near: relativeDifference(velocity, gradient) < 0.15 }).toEqual({ name, near: true });
      const moved = weights.get(name)!.data.map((value, i) => value - step.learningRate * velocity[i]!);
      expect({ name, near: relativeDifference(valueAt(name), moved) < 1e-6 }).toEqual({ name, near: true });
    }
    for (const [name, value] of eager.statistics) {
      expect({ name, near: relativeDifference(valueAt(name), value) < 1e-3 }).toEqual({ name, near: true });
    }
  });

  it('keeps the head from changing the encoder once its gate is closed', () => {
    const compiled = open({ ...TINY_NETWORK, dropout: 0 });
    const weights = startWeights(compiled.parameters);
    const velocitiesOf = (trainEncoderByHead: boolean) => {
      compiled.setState(weights);
      compiled.step({ ...batchOf([0, 0.1, 0.2, 0.3]), ...step, trainEncoderByHead });
      const state = compiled.state();
      return (name: string) => state.get(VELOCITY_PREFIX + name)!.data;
    };
    const [open_, closed] = [velocitiesOf(true), velocitiesOf(false)];
    const [head, decoder, encoder] = [
      'loss_prediction/output/matrix',
      'decoder/refine1/filter',
      'encoder/block16/project/filter',
    ] as const;
    expect(closed(head)).toEqual(open_(head));
    expect(closed(decoder)).toEqual(open_(decoder));
    expect(closed(encoder)).not.toEqual(open_(encoder));
  });

  it('stays finite, and learns nothing, where no pixel is labelled', () => {
    const compiled = open(TINY_NETWORK);
    const weights = startWeights(compiled.parameters);
    compiled.setState(weights);
    expect(compiled.step({ ...batchOf([1, 1, 1, 1]), ...step })).toEqual({ segmentation: 0, ranking: 0 });
    const state = compiled.state();
    for (const { name, trainable } of compiled.parameters) {
      if (trainable) expect(state.get(name)!.data).toEqual(weights.get(name)!.data);
      else expect(state.get(name)!.data.every(Number.isFinite)).toBe(true);
    }
  });

  it.each([
    ['dense decoder', TINY_NETWORK],
    ['separable decoder', { ...TINY_NETWORK, decoderSeparable: true }],
    ['an encoder of DRN-D', TINY_DRN],
  ])('in bfloat16 moves nearly where float32 does: %s', (_, network) => {
    const velocities = [Precision.PRECISION_FLOAT32, Precision.PRECISION_BFLOAT16].map((precision) => {
      const compiled = openTrainingSession({ ...trainingShape({ ...network, precision }), lossPrediction });
      try {
        compiled.setState(startWeights(compiled.parameters));
        const { segmentation } = compiled.step({ ...batchOf([0, 0, 0.2, 0.1]), ...step });
        const state = compiled.state();
        const velocity = (name: string) => [...state.get(VELOCITY_PREFIX + name)!.data];
        return {
          segmentation,
          classifier: velocity('decoder/classifier/filter'),
          low: velocity(network.decoderSeparable ? 'decoder/refine1/pointwise/filter' : 'decoder/refine1/filter'),
        };
      } finally {
        compiled[Symbol.dispose]();
      }
    });
    const [exact, short] = velocities as [(typeof velocities)[0], (typeof velocities)[0]];
    expect(Math.abs(short.segmentation / exact.segmentation - 1)).toBeLessThan(0.02);
    expect(short.segmentation).not.toBe(exact.segmentation);
    expect(cosine(short.classifier, exact.classifier)).toBeGreaterThan(0.95);
    expect(cosine(short.low, exact.low)).toBeGreaterThan(0.9);
  });

  it('leaves neither tensors nor memory behind in 500 steps', () => {
    const compiled = open(TINY_NETWORK);
    compiled.setState(startWeights(compiled.parameters));
    const batch = batchOf([0, 0.3, 1, 0.7]);
    const run = (steps: number) => {
      for (let i = 0; i < steps; i++) compiled.step({ ...batch, ...step, learningRate: 1e-3 });
      return process.memoryUsage.rss();
    };
    const settled = run(100);
    const tensors = tensorCount();
    const grown = run(500) - settled;
    expect(tensorCount()).toBe(tensors);
    // A step's activations are some 20 MB: one that is kept in each of 500 steps would be 10 GB, a batch 37 MB.
    expect(grown).toBeLessThan(30 * 2 ** 20);
  });
});

function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  return dot / (Math.hypot(...a) * Math.hypot(...b));
}
