// The variational autoencoder of VAAL (Sinha et al. 2019, section 3.1; Kingma and Welling 2014):
//
//   q(z|x) = N(mu(x), exp(v(x)))        z = mu + exp(v / 2) e,  e ~ N(0, 1)        x' = decoder(z)
//   TA-VAAL (Kim et al. 2021):                                                     x' = decoder([z, sigmoid r])
//
//   x  image, -1 to 1      mu, v  mean and logarithm of the variance, [batch, latent]      r  the ranker's output, [batch, 1]
import type { Size } from '../images/images.ts';
import type { Layers } from '../model/layers.ts';
import type { Operations, Shaped } from '../model/operations.ts';

/**
 * A quarter of the published widths (128 to 1024): pools are hundreds of images at 64 pixels, not tens of thousands, and a step
 * of the sampler should cost little beside one of the task.
 */
const ENCODER_CHANNELS = [32, 64, 128, 256] as const;
const DECODER_CHANNELS = [128, 64, 32, 16] as const;
export const AUTOENCODER = 'autoencoder';
/** What a verdict needs of the autoencoder. */
export const ENCODER = `${AUTOENCODER}/encoder`;
const DECODER = `${AUTOENCODER}/decoder`;

export interface Moments<T> {
  readonly mean: T;
  readonly logVariance: T;
}

/** @param images bytes, [batch, height, width, 3] @returns x */
export function centreImages<T extends Shaped>(operations: Operations<T>, images: T): T {
  const scalar = (value: number) => operations.constant([value], []);
  return operations.subtract(operations.multiply(operations.toFloat(images), scalar(2 / 255)), scalar(1));
}

/** Each stage halves the sides: convolution, batch norm, ReLU. */
export function encodeMean<T extends Shaped>(layers: Layers<T>, x: T, latentChannels: number): T {
  return layers.linear(encodeFeatures(layers, x), `${ENCODER}/mean`, latentChannels);
}

export function encodeMoments<T extends Shaped>(layers: Layers<T>, x: T, latentChannels: number): Moments<T> {
  const features = encodeFeatures(layers, x);
  return {
    mean: layers.linear(features, `${ENCODER}/mean`, latentChannels),
    logVariance: layers.linear(features, `${ENCODER}/log_variance`, latentChannels),
  };
}

function encodeFeatures<T extends Shaped>({ operations, convolution }: Layers<T>, x: T): T {
  const features = ENCODER_CHANNELS.reduce(
    (y, channels, i) =>
      convolution(y, `${ENCODER}/stage${i + 1}`, { kernel: 3, channels, stride: 2, activation: 'relu' }),
    x,
  );
  const [batch, ...rest] = features.shape as [number, ...number[]];
  return operations.reshape(features, [batch, rest.reduce((size, side) => size * side, 1)]);
}

/** @param noise e @returns z */
export function sampleLatent<T extends Shaped>(
  operations: Operations<T>,
  { mean, logVariance }: Moments<T>,
  noise: T,
): T {
  const half = operations.constant([0.5], []);
  return operations.add(mean, operations.multiply(operations.exp(operations.multiply(logVariance, half)), noise));
}

/** @param ranks r; absent for VAAL @returns x', [batch, height, width, 3] */
export function decode<T extends Shaped>(
  layers: Layers<T>,
  z: T,
  { size, ranks }: { readonly size: Size; readonly ranks: T | undefined },
): T {
  const { operations, doubling, linear, classifier } = layers;
  const halved = (side: number) => side / 2 ** DECODER_CHANNELS.length;
  const [rows, columns, channels] = [halved(size.height), halved(size.width), ENCODER_CHANNELS.at(-1)!];
  const conditioned = ranks ? operations.concat([z, operations.sigmoid(ranks)]) : z;
  const start = linear(conditioned, `${DECODER}/start`, rows * columns * channels);
  const y = DECODER_CHANNELS.reduce(
    (x, channels, i) => doubling(x, `${DECODER}/stage${i + 1}`, { channels, activation: 'relu' }),
    operations.reshape(start, [z.shape[0]!, rows, columns, channels]),
  );
  return classifier(y, `${DECODER}/output`, 3);
}
