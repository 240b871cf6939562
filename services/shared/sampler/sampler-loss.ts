// What VAAL's two networks make smaller (Sinha et al. 2019, Eq. 1 to 4), over a batch of B labelled images, then B unlabelled ones:
//
//   autoencoder      R_L + R_U + beta (K_L + K_U) + lambda (A_L + A_U)
//     R = mean over images and pixels of (x' - x)^2
//     K = sum over the latent channels of -1/2 (1 + v - mu^2 - exp(v)), by image
//     A = -log D(mu), the mean over images: it wants the discriminator to take both for labelled
//   discriminator    mean over labelled of -log D(mu)  +  mean over unlabelled of -log(1 - D(mu))
//
//   lambda  adversary's weight      D  sigmoid of the discriminator's logit
import type { Layers } from '../model/layers.ts';
import type { Operations, Shaped } from '../model/operations.ts';
import { centreImages, decode, encodeMoments, type Moments, sampleLatent } from './autoencoder.ts';
import { discriminate } from './discriminator.ts';

export interface SamplerLossOptions<T> {
  readonly latentChannels: number;
  readonly beta: number;
  readonly adversaryWeight: number;
  /** [2B, height, width, 3], bytes: labelled images, then as many unlabelled ones. */
  readonly images: T;
  /** r, [2B, 1]; absent for VAAL. */
  readonly ranks: T | undefined;
  /** [2], int32; decides e. */
  readonly seed: T;
}

export interface SamplerLosses<T> {
  readonly reconstruction: T;
  readonly divergence: T;
  readonly adversary: T;
  /** Of the autoencoder. */
  readonly total: T;
  readonly discriminator: T;
}

export function samplerLosses<T extends Shaped>(layers: Layers<T>, options: SamplerLossOptions<T>): SamplerLosses<T> {
  const { operations } = layers;
  const { latentChannels, beta, adversaryWeight, ranks } = options;
  const scalar = (value: number) => operations.constant([value], []);
  const x = centreImages(operations, options.images);
  const [, height, width] = x.shape as [number, number, number];
  const moments = encodeMoments(layers, x, latentChannels);
  const z = sampleLatent(operations, moments, operations.randomNormal(moments.mean.shape, options.seed));
  const logits = discriminate(layers, moments.mean, ranks);
  const reconstruction = reconstructionLoss(operations, decode(layers, z, { size: { height, width }, ranks }), x);
  const divergence = divergenceLoss(operations, moments);
  const adversary = adversaryLoss(operations, logits);
  const total = operations.add(
    reconstruction,
    operations.add(
      operations.multiply(divergence, scalar(beta)),
      operations.multiply(adversary, scalar(adversaryWeight)),
    ),
  );
  return { reconstruction, divergence, adversary, total, discriminator: discriminatorLoss(operations, logits) };
}

/** R_L + R_U. */
export function reconstructionLoss<T extends Shaped>(operations: Operations<T>, decoded: T, x: T): T {
  const difference = operations.subtract(decoded, x);
  return bothMeans(operations, operations.multiply(difference, difference));
}

/** K_L + K_U. */
export function divergenceLoss<T extends Shaped>(operations: Operations<T>, { mean, logVariance }: Moments<T>): T {
  const scalar = (value: number) => operations.constant([value], []);
  const terms = operations.subtract(
    operations.add(operations.multiply(mean, mean), operations.exp(logVariance)),
    operations.add(logVariance, scalar(1)),
  );
  return bothMeans(operations, operations.multiply(operations.sum(terms, [1]), scalar(0.5)));
}

/** A_L + A_U. @param logits [2B, 1] */
export function adversaryLoss<T extends Shaped>(operations: Operations<T>, logits: T): T {
  return bothMeans(operations, operations.softplus(operations.multiply(logits, operations.constant([-1], []))));
}

/** @param logits [2B, 1] */
export function discriminatorLoss<T extends Shaped>(operations: Operations<T>, logits: T): T {
  const batch = logits.shape[0]!;
  // -log D = softplus(-logit), -log(1 - D) = softplus(logit).
  const signs = Array.from({ length: batch }, (_, i) => (i < batch / 2 ? -1 : 1));
  return bothMeans(
    operations,
    operations.softplus(operations.multiply(logits, operations.constant(signs, [batch, 1]))),
  );
}

/** The mean over the labelled half plus the mean over the other: halves are equal, so that it is twice the mean of all. */
function bothMeans<T extends Shaped>(operations: Operations<T>, x: T): T {
  const all = operations.mean(
    x,
    x.shape.map((_, axis) => axis),
  );
  return operations.multiply(all, operations.constant([2], []));
}
