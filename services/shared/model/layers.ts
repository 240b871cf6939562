// The layers of the network, in the two forms that it takes: in training, batch normalisation uses and follows the batch; in
// scoring it is folded into the weights. The network's code does not know which one it runs in.
import type { Padding } from '../graph/operations/convolution.ts';
import type { Operations, Shaped } from './operations.ts';
import { convolveUpsampled } from './upsampled-convolution.ts';

/** Of the variance, as in Keras' MobileNetV2. */
export const BATCH_NORM_EPSILON = 1e-3;
/** Share of a new batch in the running statistics. */
export const RUNNING_SHARE = 0.1;

/** How fresh weights are drawn: He normal with the given fan-in, or filled with a number. */
export type Initializer = { readonly fanIn: number } | 0 | 1;

export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initializer: Initializer;
  /** Running statistics are not: they follow the batches. */
  readonly trainable: boolean;
}

/** Hands out the parameters that layers ask for. */
export type ParameterSource<T> = (spec: ParameterSpec) => T;

export type Activation = 'relu' | 'relu6' | 'none';

export interface ConvolutionSpec {
  readonly kernel: 1 | 3 | 7;
  readonly channels: number;
  readonly stride?: number;
  readonly dilation?: number;
  /** Of a layer with a stride; without one all are the same. */
  readonly padding?: Padding;
  readonly activation: Activation;
}

export interface Layers<T extends Shaped> {
  readonly operations: Operations<T>;
  /** Convolution, batch norm, activation. */
  convolution(x: T, name: string, spec: ConvolutionSpec): T;
  /** 3x3 convolution of each channel on its own, batch norm, activation. */
  depthwise(x: T, name: string, spec: Omit<ConvolutionSpec, 'kernel' | 'channels'>): T;
  /**
   * 3x3 convolution, batch norm, activation on the channels of `upsampled`, brought bilinearly to the size of `beside`, followed
   * by those of `beside`.
   */
  joinedConvolution(
    parts: { readonly upsampled: T; readonly beside: T },
    name: string,
    spec: Pick<ConvolutionSpec, 'channels' | 'activation'>,
  ): T;
  /** 4x4 transposed convolution with stride 2, batch norm, activation: twice as high and wide. */
  doubling(x: T, name: string, spec: Pick<ConvolutionSpec, 'channels' | 'activation'>): T;
  /** 1x1 convolution with a bias, in float32 whatever the features are in. */
  classifier(x: T, name: string, channels: number): T;
  /** [rows, channels in] -> [rows, channels], with a bias. */
  linear(x: T, name: string, channels: number): T;
}

/** The part of a layer that training and scoring do differently: what follows a convolution. */
export type Normalise<T> = (x: T, name: string) => T;

export function makeLayers<T extends Shaped>(
  operations: Operations<T>,
  parameter: ParameterSource<T>,
  normalise: Normalise<T>,
): Layers<T> {
  const { castLike } = operations;
  const weight = (name: string, shape: readonly number[], fanIn: number) =>
    parameter({ name, shape, initializer: { fanIn }, trainable: true });
  const bias = (name: string, channels: number) =>
    parameter({ name: `${name}/bias`, shape: [channels], initializer: 0, trainable: true });

  return {
    operations,
    convolution(x, name, { kernel, channels, stride = 1, dilation = 1, padding = 'same', activation }) {
      const channelsIn = x.shape[3]!;
      const filter = weight(`${name}/filter`, [kernel, kernel, channelsIn, channels], kernel * kernel * channelsIn);
      const y = operations.conv2d(x, castLike(filter, x), { stride, dilation, padding });
      return activate(operations, normalise(y, name), activation);
    },
    joinedConvolution({ upsampled, beside }, name, { channels, activation }) {
      const [, height, width, besideChannels] = beside.shape as [number, number, number, number];
      const upsampledChannels = upsampled.shape[3]!;
      const channelsIn = upsampledChannels + besideChannels;
      const filter = castLike(weight(`${name}/filter`, [3, 3, channelsIn, channels], 9 * channelsIn), beside);
      const part = (first: number, count: number) =>
        operations.slice(filter, [0, 0, first, 0], [3, 3, count, channels]);
      // A convolution of joined channels is the sum of the parts' convolutions.
      const y = operations.add(
        convolveUpsampled(operations, upsampled, part(0, upsampledChannels), { height, width }),
        operations.conv2d(beside, part(upsampledChannels, besideChannels), { stride: 1, dilation: 1 }),
      );
      return activate(operations, normalise(y, name), activation);
    },
    depthwise(x, name, { stride = 1, dilation = 1, padding = 'same', activation }) {
      const filter = weight(`${name}/depthwise_filter`, [3, 3, x.shape[3]!, 1], 9);
      const y = operations.depthwiseConv2d(x, castLike(filter, x), { stride, dilation, padding });
      return activate(operations, normalise(y, name), activation);
    },
    doubling(x, name, { channels, activation }) {
      const channelsIn = x.shape[3]!;
      // Each pixel that comes out sees 2x2 that go in.
      const filter = weight(`${name}/filter`, [4, 4, channels, channelsIn], 4 * channelsIn);
      const y = operations.transposedConv2d(x, castLike(filter, x), 2);
      return activate(operations, normalise(y, name), activation);
    },
    classifier(x, name, channels) {
      const channelsIn = x.shape[3]!;
      const filter = weight(`${name}/filter`, [1, 1, channelsIn, channels], channelsIn);
      const logits = operations.conv2d(x, castLike(filter, x), { stride: 1, dilation: 1 });
      return operations.biasAdd(operations.toFloat(logits), bias(name, channels));
    },
    linear(x, name, channels) {
      const channelsIn = x.shape[1]!;
      const matrix = weight(`${name}/matrix`, [channelsIn, channels], channelsIn);
      return operations.add(operations.matmul(x, matrix), bias(name, channels));
    },
  };
}

function activate<T extends Shaped>(operations: Operations<T>, x: T, activation: Activation): T {
  if (activation === 'none') return x;
  return activation === 'relu' ? operations.relu(x) : operations.relu6(x);
}

/** New values of running statistics, to be stored after a step. */
export interface StatisticUpdate<T> {
  readonly name: string;
  readonly value: T;
}

/** @param onUpdate hears the new running statistics of every batch norm */
export function trainingLayers<T extends Shaped>(
  operations: Operations<T>,
  parameter: ParameterSource<T>,
  onUpdate: (update: StatisticUpdate<T>) => void,
): Layers<T> {
  const share = (value: number) => operations.constant([value], []);
  return makeLayers(operations, parameter, (x, name) => {
    const { gamma, beta, mean, variance } = normParameters(parameter, name, x.shape[3]!);
    const batch = operations.batchNorm(x, { scale: gamma, offset: beta, epsilon: BATCH_NORM_EPSILON });
    const follow = (running: T, latest: T) =>
      operations.add(
        operations.multiply(running, share(1 - RUNNING_SHARE)),
        operations.multiply(latest, share(RUNNING_SHARE)),
      );
    onUpdate({ name: `${name}/mean`, value: follow(mean, batch.mean) });
    onUpdate({ name: `${name}/variance`, value: follow(variance, batch.variance) });
    return batch.output;
  });
}

/** Layers for folded weights (fold-batch-norm.ts): what is left of a batch norm is a bias. */
export function scoringLayers<T extends Shaped>(operations: Operations<T>, parameter: ParameterSource<T>): Layers<T> {
  return makeLayers(operations, parameter, (x, name) =>
    operations.biasAdd(
      x,
      operations.castLike(
        parameter({ name: `${name}/bias`, shape: [x.shape[3]!], initializer: 0, trainable: true }),
        x,
      ),
    ),
  );
}

function normParameters<T>(parameter: ParameterSource<T>, name: string, channels: number) {
  const vector = (leaf: string, initializer: 0 | 1, trainable: boolean) =>
    parameter({ name: `${name}/${leaf}`, shape: [channels], initializer, trainable });
  return {
    gamma: vector('gamma', 1, true),
    beta: vector('beta', 0, true),
    mean: vector('mean', 0, false),
    variance: vector('variance', 1, false),
  };
}
