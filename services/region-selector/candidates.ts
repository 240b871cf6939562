// Regional Gaussian attention on one image: from an entropy map to windows that are worth a label.
import type { Size } from '../shared/images/images.ts';
import { gaussianKernel } from './gaussian-kernel.ts';
import { separableFilter } from './separable-filter.ts';
import { INELIGIBLE, scoresByWindow, suppress } from './suppress.ts';
import { prefixSums, sumBetween, windowSum } from './window-sum.ts';

export interface CandidateOptions {
  /** The Gaussian kernel, or the ablation without it. */
  readonly filter: 'gaussian' | 'window-sum';
  readonly regionSizePx: number;
  readonly sigma: number;
  readonly maxCandidates: number;
}

/** A window that is worth a label. */
export interface CandidateWindow {
  readonly top: number;
  readonly left: number;
  readonly score: number;
  /** Pixels of it that nobody has labelled. */
  readonly unlabelledPixels: number;
}

/** @returns E with zeros where a pixel is labelled already, H*W: nothing is to be learnt there */
export function maskLabelled(entropy: ArrayLike<number>, labelled: Uint8Array): Float32Array {
  return Float32Array.from(entropy, (bits, pixel) => (labelled[pixel] ? 0 : bits));
}

/**
 * A window without an unlabelled pixel is never a candidate. One whose score is 0, where all passes agree, is: it comes after
 * every other and spends what the budget has left.
 * @param entropy E with zeros where labelled, H*W
 * @param labelled H*W, 1 where a pixel is labelled already
 * @returns windows that do not overlap, best first
 */
export function findCandidates(
  entropy: Float32Array,
  labelled: Uint8Array,
  size: Size,
  { filter, regionSizePx, sigma, maxCandidates }: CandidateOptions,
): CandidateWindow[] {
  const attended =
    filter === 'gaussian'
      ? separableFilter(entropy, size, gaussianKernel({ regionSizePx, sigma }))
      : windowSum(entropy, size, regionSizePx);
  const windows = scoresByWindow(attended, size, regionSizePx);
  const labelledSums = prefixSums(labelled, size);
  const unlabelledPixels = (top: number, left: number) =>
    regionSizePx ** 2 - sumBetween(labelledSums, { top, left, bottom: top + regionSizePx, right: left + regionSizePx });
  windows.scores.forEach((_, index) => {
    const top = Math.floor(index / windows.width);
    const left = index % windows.width;
    if (unlabelledPixels(top, left) === 0) windows.scores[index] = INELIGIBLE;
  });
  return suppress(windows, { regionSizePx, maxCandidates }).map((window) => ({
    ...window,
    unlabelledPixels: unlabelledPixels(window.top, window.left),
  }));
}
