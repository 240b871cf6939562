// The filter of regional Gaussian attention, E <- E (*) K with K = k k^T: rows, then columns.
//
//   R(y, x) = sum_i k_i E(y, x + i - r)      F(y, x) = sum_j k_j R(y + j - r, x)      r = (s - 1) / 2
//
// Outside the image E is zero, so F is as large as E ("same"). k is symmetric: convolution and correlation agree.
// Sums are taken in double precision and in a fixed order, so equal maps give equal scores everywhere.
import { assert } from '../shared/errors.ts';
import type { Size } from '../shared/images/images.ts';

/**
 * @param map H*W, row-major
 * @param kernel k, odd length
 * @returns F, H*W
 */
export function separableFilter(map: ArrayLike<number>, { height, width }: Size, kernel: Float64Array): Float64Array {
  assert(kernel.length % 2 === 1, `a kernel with a centre has an odd length, got ${kernel.length}`);
  assert(map.length === height * width, `expected a map of ${height}x${width}, got ${map.length} values`);
  const radius = (kernel.length - 1) / 2;

  const rows = new Float64Array(height * width);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const first = Math.max(0, radius - x);
      const last = Math.min(kernel.length - 1, width - 1 - x + radius);
      const start = y * width + x - radius;
      let sum = 0;
      for (let i = first; i <= last; i++) sum += kernel[i]! * map[start + i]!;
      rows[y * width + x] = sum;
    }
  }

  // Whole rows at a time: columns would leap through memory.
  const filtered = new Float64Array(height * width);
  for (let y = 0; y < height; y++) {
    const target = filtered.subarray(y * width, (y + 1) * width);
    for (let j = Math.max(0, radius - y); j <= Math.min(kernel.length - 1, height - 1 - y + radius); j++) {
      const weight = kernel[j]!;
      const source = rows.subarray((y + j - radius) * width, (y + j - radius + 1) * width);
      for (let x = 0; x < width; x++) target[x]! += weight * source[x]!;
    }
  }
  return filtered;
}
