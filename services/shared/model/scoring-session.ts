// A trained network in TensorFlow's memory that scores one image a call.
import type { ImageSize, NetworkConfig } from '../../../proto/gen/cpral/v1/resources.ts';
import { loadModel, type TensorValue } from '../tensorflow/tensorflow.ts';
import type { FeatureMap } from './feature-map.ts';
import { foldBatchNorm } from './fold-batch-norm.ts';
import { networkParameters } from './network-parameters.ts';
import type { PixelUncertainty } from './pixel-uncertainty.ts';
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

export interface VoteOptions {
  /** m */
  readonly passes: number;
  readonly seed: readonly [number, number];
}

/** What the passes voted; it is in the session until the next vote. */
export interface Votes {
  /** @returns n_c of every pixel, [height * width, classes]; the array is the caller's */
  counts(): Float32Array;
  /** @returns the vote entropy of every pixel in bits, [height * width], Eq. 4 */
  entropy(): Float32Array;
  /** @returns the class that most passes gave each pixel, the smallest id of equals, [height * width]; the array is the caller's */
  classes(): Uint8Array;
}

export interface Prediction {
  readonly classes: Uint8Array;
  readonly probability: Float32Array;
}

export interface ScoringSession {
  /** @param source what the weights are, for the error where they do not fit */
  load(weights: Weights, source: string): void;
  /** @param image [height, width, 3] @returns the class of every pixel */
  classes(image: Uint8Array): Uint8Array;
  /** @param image [height, width, 3] @returns the class of every pixel, and its softmax probability; the arrays are the caller's */
  prediction(image: Uint8Array): Prediction;
  /** @param image [height, width, 3] */
  predictedLoss(image: Uint8Array): number;
  /** @param image [height, width, 3] @returns maps [height * width]; the arrays are the caller's */
  uncertainty(image: Uint8Array): PixelUncertainty<Float32Array>;
  /** @param image [height, width, 3] @returns the encoder's last and the decoder's last features, each averaged over the image */
  embedding(image: Uint8Array): Float32Array;
  /** @param image [height, width, 3] @returns the encoder's last features, [rows, columns, channels] */
  features(image: Uint8Array): FeatureMap;
  /**
   * Has the stochastic passes vote on an image. What lies before the first dropout is computed once.
   * @param image [height, width, 3]
   */
  vote(image: Uint8Array, options: VoteOptions): Votes;
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
    prediction(image) {
      const { classes, doubt } = model.run('prediction', imageInput(image));
      return {
        classes: Uint8Array.from(classes!.data),
        probability: Float32Array.from(doubt!.data, (value) => 1 - value),
      };
    },
    predictedLoss: (image) => model.run('predicted_loss', imageInput(image)).predicted_loss!.data[0]!,
    uncertainty(image) {
      const { entropy, confidence, margin } = model.run('uncertainty', imageInput(image));
      const floats = (tensor: TensorValue | undefined) => tensor!.data as Float32Array;
      return { entropy: floats(entropy), confidence: floats(confidence), margin: floats(margin) };
    },
    embedding: (image) => model.run('embedding', imageInput(image)).embedding!.data as Float32Array,
    features(image) {
      const { shape, data } = model.run('features', imageInput(image)).features!;
      const [, rows, columns, channels] = shape as [number, number, number, number];
      return { height: rows, width: columns, channels, values: data as Float32Array };
    },
    vote(image, { passes, seed }) {
      model.run('begin', imageInput(image));
      for (let first = 0; first < passes; first += passesPerCall) {
        const counted = Float32Array.from({ length: passesPerCall }, (_, i) => (first + i < passes ? 1 : 0));
        model.run('vote', {
          seed: { shape: [2], data: Int32Array.from(seed) },
          first_pass: { shape: [1], data: Int32Array.of(first) },
          counted: { shape: [passesPerCall], data: counted },
        });
      }
      const passCount = { shape: [], data: Float32Array.of(passes) };
      return {
        counts: () => model.run('votes', {}).votes!.data as Float32Array,
        classes: () => Uint8Array.from(model.run('favourites', {}).favourites!.data),
        entropy: () => model.run('entropy', { passes: passCount }).entropy!.data as Float32Array,
      };
    },
    [Symbol.dispose]: () => model[Symbol.dispose](),
  };
}
