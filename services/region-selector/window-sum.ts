// The plain window sum: the filter of Eq. 5 with K = 1 everywhere ("w/o RGA" in the paper's ablation).
//
//   F(y, x) = sum of E over the s*s window around (y, x), zero outside the image
//
// By prefix sums, four look-ups a pixel whatever the window, in fixed point: whole multiples of 2^-24 below 2^53 add and
// subtract without rounding, so equal windows have equal sums and a window of zeros has the sum 0.
import { assert } from '../shared/errors.ts';
import type { Size } from '../shared/images/images.ts';

const FIXED_POINT = 2 ** 24;

/** P(y, x) = sum of the map over rows < y and columns < x. */
export interface PrefixSums extends Readonly<Size> {
  /** (H+1)*(W+1) */
  readonly sums: Float64Array;
}

export function prefixSums(map: ArrayLike<number>, { height, width }: Size): PrefixSums {
  assert(map.length === height * width, `expected a map of ${height}x${width}, got ${map.length} values`);
  const stride = width + 1;
  const sums = new Float64Array((height + 1) * stride);
  for (let y = 0; y < height; y++) {
    let row = 0;
    for (let x = 0; x < width; x++) {
      row += map[y * width + x]!;
      sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1]! + row;
    }
  }
  return { height, width, sums };
}

/** The sum over rows top..bottom-1 and columns left..right-1, inside the image. */
export function sumBetween(
  { width, sums }: PrefixSums,
  { top, left, bottom, right }: { top: number; left: number; bottom: number; right: number },
): number {
  const upper = top * (width + 1);
  const lower = bottom * (width + 1);
  return sums[lower + right]! - sums[upper + right]! - sums[lower + left]! + sums[upper + left]!;
}

/**
 * @param map H*W of entropies, at most 2^29 in sum
 * @param regionSizePx s, odd
 * @returns F, H*W
 */
export function windowSum(map: ArrayLike<number>, size: Size, regionSizePx: number): Float64Array {
  const { height, width } = size;
  const radius = (regionSizePx - 1) / 2;
  const fixed = Float64Array.from(map, (value) => Math.round(value * FIXED_POINT));
  const prefix = prefixSums(fixed, size);
  const summed = new Float64Array(height * width);
  for (let y = 0; y < height; y++) {
    const top = Math.max(0, y - radius);
    const bottom = Math.min(height, y + radius + 1);
    for (let x = 0; x < width; x++) {
      const left = Math.max(0, x - radius);
      const right = Math.min(width, x + radius + 1);
      summed[y * width + x] = sumBetween(prefix, { top, left, bottom, right }) / FIXED_POINT;
    }
  }
  return summed;
}
