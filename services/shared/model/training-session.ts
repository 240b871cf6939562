// A network in training, in TensorFlow's memory: step by step, out as weights, in again.
import { loadModel, type TensorValue } from '../tensorflow/tensorflow.ts';
import type { ParameterSpec } from './layers.ts';
import { buildTrainingGraph, type TrainingGraphOptions, VELOCITY_PREFIX } from './training-graph.ts';
import type { Weights, WeightTensor } from './weights.ts';

export interface TrainingStep {
  /** [batch, height, width, 3]. */
  readonly images: Uint8Array;
  /** [batch, height, width], 255 where nothing is labelled. */
  readonly labels: Uint8Array;
  readonly learningRate: number;
  readonly seed: readonly [number, number];
  /** [classes]. */
  readonly classWeights: Float32Array;
  /** Whether the loss-prediction head's gradient flows into the encoder. */
  readonly trainEncoderByHead: boolean;
}

export interface StepLoss {
  readonly segmentation: number;
  readonly ranking: number;
}

export interface TrainingSession {
  readonly parameters: readonly ParameterSpec[];
  step(step: TrainingStep): StepLoss;
  /** Weights, running statistics and velocities: all that a step reads and writes. */
  state(): Map<string, WeightTensor>;
  /** Velocities that are absent start at 0. */
  setState(state: Weights): void;
  [Symbol.dispose](): void;
}

export function openTrainingSession(options: TrainingGraphOptions): TrainingSession {
  const { savedModel, parameters } = buildTrainingGraph(options);
  const { batchSize, size, classCount } = options;
  const model = loadModel(savedModel);
  const scalar = (value: number): TensorValue => ({ shape: [], data: Float32Array.of(value) });
  return {
    parameters,
    step({ images, labels, learningRate, seed, classWeights, trainEncoderByHead }) {
      const outputs = model.run('step', {
        images: { shape: [batchSize, size.height, size.width, 3], data: images },
        labels: { shape: [batchSize, size.height, size.width], data: labels },
        rate: scalar(learningRate),
        seed: { shape: [2], data: Int32Array.from(seed) },
        class_weights: { shape: [classCount], data: classWeights },
        gate: scalar(trainEncoderByHead ? 1 : 0),
      });
      return { segmentation: outputs.loss!.data[0]!, ranking: outputs.ranking_loss!.data[0]! };
    },
    state() {
      const outputs = model.run('save', {});
      return new Map(Object.entries(outputs).map(([name, value]) => [name, value as TensorValue<Float32Array>]));
    },
    setState(state) {
      const inputs: Record<string, TensorValue> = {};
      for (const { name, shape, trainable } of parameters) {
        const value = state.get(name)!;
        inputs[name] = value;
        if (!trainable) continue;
        const velocity = VELOCITY_PREFIX + name;
        inputs[velocity] = state.get(velocity) ?? { shape, data: new Float32Array(value.data.length) };
      }
      model.run('load', inputs);
    },
    [Symbol.dispose]: () => model[Symbol.dispose](),
  };
}
