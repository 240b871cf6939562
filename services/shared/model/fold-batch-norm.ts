// Folds batch norm with its running statistics into the convolution before it:
//   gamma (w * x - mean) / s + beta = (w gamma / s) * x + (beta - mean gamma / s),   s = sqrt(variance + epsilon)
import { BATCH_NORM_EPSILON } from './layers.ts';
import type { Weights, WeightTensor } from './weights.ts';

/** @returns the weights that the layers for scoring ask for: each gamma, beta, mean and variance has become a bias */
export function foldBatchNorm(weights: Weights): Map<string, WeightTensor> {
  const folded = new Map(weights);
  for (const [gammaName, gamma] of weights) {
    if (!gammaName.endsWith('/gamma')) continue;
    const name = gammaName.slice(0, -'/gamma'.length);
    const vector = (leaf: string) => weights.get(`${name}/${leaf}`)!.data;
    const [beta, mean, variance] = [vector('beta'), vector('mean'), vector('variance')];
    const scale = gamma.data.map((value, c) => value / Math.sqrt(variance[c]! + BATCH_NORM_EPSILON));
    const filterName = weights.has(`${name}/filter`) ? `${name}/filter` : `${name}/depthwise_filter`;
    const filter = weights.get(filterName)!;
    // The channels that come out lie last in both kinds of filter: a depthwise one ends in a dimension of 1.
    folded.set(filterName, {
      shape: filter.shape,
      data: filter.data.map((value, i) => value * scale[i % scale.length]!),
    });
    folded.set(`${name}/bias`, { shape: gamma.shape, data: beta.map((value, c) => value - mean[c]! * scale[c]!) });
    for (const leaf of ['gamma', 'beta', 'mean', 'variance']) folded.delete(`${name}/${leaf}`);
  }
  return folded;
}
