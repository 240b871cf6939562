// Regional Gaussian attention, Eq. 5: the s-step cumulative Gaussian.
//
//   p_i = Phi(e_{i+1}) - Phi(e_i),  e_0 .. e_s evenly spaced on [-sigma, sigma];  p <- p / sum(p)
//   K   = s sqrt(p p^T) = k k^T,    k = sqrt(s p)
//
//   s      steps = region side w in pixels          Phi   normal distribution function
//   sigma  width: standard deviations from the window's centre to its edge, 2 in the paper
//   K      the kernel, s*s                          k     its one-dimensional factor, s
//
// sum(K^2) = s^2 for every sigma. A uniform p gives K = 1, the plain window sum. As an outer product, K filters by rows
// and then by columns.
import { assert } from '../shared/errors.ts';
import { normalProbability } from './normal-distribution.ts';

export interface GaussianKernelOptions {
  readonly regionSizePx: number;
  readonly sigma: number;
  /**
   * What sigma counts. In pixels, sigma is the Gaussian's standard deviation, and the window cuts it where it ends: with
   * s = 65 and sigma = 2 pixels only some 230 of 4,225 pixels count. Default: deviations.
   */
  readonly sigmaUnit?: 'deviations' | 'pixels';
}

/** @returns k, s values, the larger the nearer to the centre, symmetric */
export function gaussianKernel({ regionSizePx, sigma, sigmaUnit }: GaussianKernelOptions): Float64Array {
  const steps = regionSizePx;
  assert(Number.isInteger(steps) && steps >= 1, `steps are a whole number from 1, got ${steps}`);
  assert(sigma > 0 && Number.isFinite(sigma), `sigma is above 0, got ${sigma}`);
  const reach = sigmaUnit === 'pixels' ? steps / (2 * sigma) : sigma;
  const edge = (i: number) => (reach * (2 * i - steps)) / steps;
  const p = Float64Array.from({ length: steps }, (_, i) => normalProbability(edge(i), edge(i + 1)));
  const sum = p.reduce((total, value) => total + value, 0);
  return p.map((value) => Math.sqrt((steps * value) / sum));
}
