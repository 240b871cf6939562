// VAAL's networks in training, in TensorFlow's memory: step by step, out as weights, in again.
import { adamPowers } from '../graph/operations/variable.ts';
import type { ParameterSpec } from '../model/layers.ts';
import type { Weights, WeightTensor } from '../model/weights.ts';
import { loadModel, type TensorValue } from '../tensorflow/tensorflow.ts';
import { buildSamplerGraph, FIRST_PREFIX, type SamplerGraphOptions, SECOND_PREFIX } from './sampler-graph.ts';

export interface SamplerBatch {
  /** [2B, height, width, 3]: labelled images, then as many unlabelled ones. */
  readonly images: Uint8Array;
  /** [2B]; nothing reads them where networks see no ranks. */
  readonly ranks: Float32Array;
}

export interface AutoencoderLoss {
  readonly reconstruction: number;
  readonly divergence: number;
  readonly adversary: number;
}

export interface SamplerSession {
  readonly parameters: readonly ParameterSpec[];
  /** @param update.count of the autoencoder's updates, this one included */
  autoencoderStep(batch: SamplerBatch, update: { count: number; seed: readonly [number, number] }): AutoencoderLoss;
  /** @param update.count of the discriminator's updates, this one included @returns its loss */
  discriminatorStep(batch: SamplerBatch, update: { count: number }): number;
  /** Weights, running statistics and Adam's slots: all that a step reads and writes. */
  state(): Map<string, WeightTensor>;
  /** Slots that are absent start at 0. */
  setState(state: Weights): void;
  [Symbol.dispose](): void;
}

export function openSamplerSession(options: SamplerGraphOptions): SamplerSession {
  const { savedModel, parameters } = buildSamplerGraph(options);
  const { batchSize, size, ranked } = options;
  const model = loadModel(savedModel);
  const scalar = (value: number): TensorValue => ({ shape: [], data: Float32Array.of(value) });
  const inputsOf = ({ images, ranks }: SamplerBatch, count: number, seed: readonly [number, number]) => {
    const { power1, power2 } = adamPowers(count);
    return {
      images: { shape: [2 * batchSize, size.height, size.width, 3], data: images },
      ...(ranked ? { ranks: { shape: [2 * batchSize, 1], data: ranks } } : {}),
      seed: { shape: [2], data: Int32Array.from(seed) },
      power1: scalar(power1),
      power2: scalar(power2),
    };
  };
  return {
    parameters,
    autoencoderStep(batch, { count, seed }) {
      const outputs = model.run('autoencoder_step', inputsOf(batch, count, seed));
      const value = (name: string) => outputs[name]!.data[0]!;
      return {
        reconstruction: value('reconstruction'),
        divergence: value('divergence'),
        adversary: value('adversary'),
      };
    },
    // Nothing that it computes depends on the seed.
    discriminatorStep: (batch, { count }) =>
      model.run('discriminator_step', inputsOf(batch, count, [0, 0])).discriminator!.data[0]!,
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
        for (const prefix of [FIRST_PREFIX, SECOND_PREFIX]) {
          inputs[prefix + name] = state.get(prefix + name) ?? { shape, data: new Float32Array(value.data.length) };
        }
      }
      model.run('load', inputs);
    },
    [Symbol.dispose]: () => model[Symbol.dispose](),
  };
}
