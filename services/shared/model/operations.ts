// The operations that the network is written in. The graph builder implements them for training and scoring; the tests
// implement them eagerly, as the oracle. Images are [batch, height, width, channels].
import type { ConvolutionOptions } from '../graph/operations/convolution.ts';
import type { Normalised } from '../graph/operations/normalisation.ts';

/** What every implementation's tensors tell. */
export interface Shaped {
  readonly shape: readonly number[];
}

export interface Operations<T extends Shaped> {
  /** Zero-padded so that a stride of 1 keeps the size. Filter: [height, width, channels in, channels out]. */
  conv2d(x: T, filter: T, options: ConvolutionOptions): T;
  /** Filter: [height, width, channels, 1]. */
  depthwiseConv2d(x: T, filter: T, options: ConvolutionOptions): T;
  /** As many times higher and wider as the stride says. Filter: [height, width, channels out, channels in]. */
  transposedConv2d(x: T, filter: T, stride: number): T;
  biasAdd(x: T, bias: T): T;
  /** With the statistics of the batch; see graph/operations/normalisation.ts. */
  batchNorm(x: T, parameters: { readonly scale: T; readonly offset: T; readonly epsilon: number }): Normalised<T>;
  /** Corners lie on corners. */
  resizeBilinear(x: T, height: number, width: number): T;
  matmul(a: T, b: T): T;
  /** The product of the last two dimensions, for all of those before them, which broadcast. */
  batchMatmul(a: T, b: T): T;
  /** Of [rows, classes] against int32 ids [rows]. */
  softmaxCrossEntropy(logits: T, labels: T): T;

  relu(x: T): T;
  relu6(x: T): T;
  exp(x: T): T;
  /** 1 / (1 + exp(-x)). */
  sigmoid(x: T): T;
  /** log(1 + exp(x)): binary cross-entropy of a logit -x against 1. */
  softplus(x: T): T;
  /** Binary operations broadcast. */
  add(a: T, b: T): T;
  subtract(a: T, b: T): T;
  multiply(a: T, b: T): T;
  divide(a: T, b: T): T;
  maximum(a: T, b: T): T;
  /** 1 where it holds, else 0, as float32; no gradient. */
  greater(a: T, b: T): T;
  equal(a: T, b: T): T;
  toFloat(x: T): T;
  /** Half the memory, eight bits of precision; as it is where an implementation has no such numbers. */
  toBfloat16(x: T): T;
  toInteger(x: T): T;
  /** x with the type of another tensor. */
  castLike(x: T, other: T): T;
  /** The value, without a gradient. */
  stopGradient(x: T): T;

  sum(x: T, axes: readonly number[], keepDimensions?: boolean): T;
  mean(x: T, axes: readonly number[], keepDimensions?: boolean): T;
  reshape(x: T, shape: readonly number[]): T;
  transpose(x: T, permutation: readonly number[]): T;
  slice(x: T, begin: readonly number[], size: readonly number[]): T;
  tile(x: T, multiples: readonly number[]): T;
  /** Along the last axis. */
  concat(parts: readonly T[]): T;
  /** table[indices] along the first axis; no gradient. */
  gather(table: T, indices: T): T;

  constant(values: readonly number[], shape: readonly number[], dtype?: 'float32' | 'int32'): T;
  /** Uniform in [0, 1), a function of the seed ([2], int32) alone. */
  randomUniform(shape: readonly number[], seed: T): T;
  /** Normal, mean 0 and variance 1, a function of the seed alone. */
  randomNormal(shape: readonly number[], seed: T): T;
}
