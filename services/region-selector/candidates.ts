// Regional Gaussian attention on one image: from an entropy map to windows that are worth a label.
import type { Size } from '../shared/images/images.ts';
import { INELIGIBLE, scoresByWindow, suppress } from './suppress.ts';
import { prefixSums, sumBetween } from './window-sum.ts';

export interface CandidateOptions {
  /** From E to the score of the window around each pixel, H*W both: the Gaussian kernel, or the ablation without it. */
  readonly filter: (entropy: Float32Array) => Float32Array | Float64Array;
  readonly regionSizePx: number;
  /** Pixels that lie at least between two windows; by default they may touch. */
  readonly spacingPx?: number;
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
  const masked = Float32Array.from(entropy);
  for (let pixel = 0; pixel < masked.length; pixel++) if (labelled[pixel]) masked[pixel] = 0;
  return masked;
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
  { filter, regionSizePx, spacingPx = 0, maxCandidates }: CandidateOptions,
): CandidateWindow[] {
  const windows = scoresByWindow(filter(entropy), size, regionSizePx);
  const labelledSums = prefixSums(labelled, size);
  const unlabelledPixels = (top: number, left: number) =>
    regionSizePx ** 2 - sumBetween(labelledSums, { top, left, bottom: top + regionSizePx, right: left + regionSizePx });
  const anyLabelled = labelledSums.sums.at(-1)! > 0;
  for (let top = 0, index = 0; anyLabelled && top < windows.height; top++) {
    for (let left = 0; left < windows.width; left++, index++) {
      if (unlabelledPixels(top, left) === 0) windows.scores[index] = INELIGIBLE;
    }
  }
  return suppress(windows, { regionSizePx, spacingPx, maxCandidates }).map((window) => ({
    ...window,
    unlabelledPixels: unlabelledPixels(window.top, window.left),
  }));
}
