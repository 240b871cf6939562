// A trained network in TensorFlow's memory that scores one image a call.
import type { ImageSize, NetworkConfig } from '../../../proto/gen/cpral/v1/resources.ts';
import { loadModel, type TensorValue } from '../tensorflow/tensorflow.ts';
import { foldBatchNorm } from './fold-batch-norm.ts';
import { networkParameters } from './network-parameters.ts';
import { buildScoringGraph } from './scoring-graph.ts';
import { checkWeights, type Weights } from './weights.ts';

/** Logits of the stochastic passes of one call, in bytes: what bounds the memory of a vote, whatever the passes. */
const VOTE_LOGITS_LIMIT_BYTES = 128 << 20;
const MAX_PASSES_PER_CALL = 5;

export interface NetworkShape {
  readonly network: NetworkConfig;
  readonly classCount: number;
  readonly size: ImageSize;
}

export interface ScoringSession {
  /** @param source what the weights are, for the error where they do not fit */
  load(weights: Weights, source: string): void;
  /** @param image [height, width, 3] @returns the class of every pixel */
  classes(image: Uint8Array): Uint8Array;
  /** @param image [height, width, 3] */
  predictedLoss(image: Uint8Array): number;
  /**
   * The classes of stochastic passes, one pass after the other. What lies before the first dropout is computed once.
   * @param image [height, width, 3]
   * @param onPass gets [height, width] classes; the array is reused
   */
  vote(
    image: Uint8Array,
    options: { readonly passes: number; readonly seed: readonly [number, number] },
    onPass: (classes: Int32Array) => void,
  ): void;
  [Symbol.dispose](): void;
}

export function openScoringSession({ network, classCount, size }: NetworkShape): ScoringSession {
  const pixels = size.height * size.width;
  const logitsBytes = pixels * classCount * Float32Array.BYTES_PER_ELEMENT;
  const passesPerCall = Math.max(1, Math.min(MAX_PASSES_PER_CALL, Math.floor(VOTE_LOGITS_LIMIT_BYTES / logitsBytes)));
  const parameters = networkParameters(network, classCount);
  const model = loadModel(buildScoringGraph({ network, classCount, size, passesPerCall }).savedModel);
  const imageInput = (data: Uint8Array): Record<string, TensorValue> => ({
    image: { shape: [1, size.height, size.width, 3], data },
  });
  return {
    load(weights, source) {
      checkWeights(parameters, weights, source);
      model.run('load', Object.fromEntries(foldBatchNorm(weights)));
    },
    classes: (image) => Uint8Array.from(model.run('classes', imageInput(image)).classes!.data),
    predictedLoss: (image) => model.run('predicted_loss', imageInput(image)).predicted_loss!.data[0]!,
    vote(image, { passes, seed }, onPass) {
      const { low_level, last } = model.run('features', imageInput(image));
      for (let first = 0; first < passes; first += passesPerCall) {
        const { classes } = model.run('votes', {
          low_level: low_level!,
          last: last!,
          seed: { shape: [2], data: Int32Array.from(seed) },
          first_pass: { shape: [1], data: Int32Array.of(first) },
        });
        const count = Math.min(passesPerCall, passes - first);
        for (let i = 0; i < count; i++) onPass((classes!.data as Int32Array).subarray(i * pixels, (i + 1) * pixels));
      }
    },
    [Symbol.dispose]: () => model[Symbol.dispose](),
  };
}
