// The filter of regional Gaussian attention, E <- E (*) K with K = k k^T: rows, then columns.
//
//   R(y, x) = sum_i k_i E(y, x + i - r)      F(y, x) = sum_j k_j R(y + j - r, x)      r = (s - 1) / 2
//
// Outside the image E is zero, so F is as large as E ("same"). k is symmetric, so a value and its mirror image are added before
// they are multiplied. Sums are taken in double precision and in a fixed order: equal maps give equal scores everywhere.
import { assert } from '../shared/errors.ts';
import type { Size } from '../shared/images/images.ts';

/**
 * @param map H*W, row-major
 * @param kernel k, odd length, symmetric
 * @returns F, H*W
 */
export function separableFilter(map: ArrayLike<number>, { height, width }: Size, kernel: Float64Array): Float64Array {
  assert(kernel.length % 2 === 1, `a kernel with a centre has an odd length, got ${kernel.length}`);
  assert(map.length === height * width, `expected a map of ${height}x${width}, got ${map.length} values`);
  const radius = (kernel.length - 1) / 2;

  // Between rows of zeros, so that the second pass needs no border.
  const rows = new Float64Array((height + 2 * radius) * width);
  const line = new Float64Array(width + 2 * radius);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) line[radius + x] = map[y * width + x]!;
    filterLine(line, kernel, rows.subarray((y + radius) * width, (y + radius + 1) * width));
  }

  const filtered = new Float64Array(height * width);
  for (let y = 0; y < height; y++) {
    const row = (offset: number) => rows.subarray((y + radius + offset) * width, (y + radius + offset + 1) * width);
    const target = filtered.subarray(y * width, (y + 1) * width);
    addMultiple(target, row(0), kernel[radius]!);
    for (let j = 1; j <= radius; j++) addPair(target, { above: row(-j), below: row(j) }, kernel[radius - j]!);
  }
  return filtered;
}

/** @param line a row between zeros, W + 2r */
function filterLine(line: Float64Array, kernel: Float64Array, target: Float64Array): void {
  const last = kernel.length - 1;
  const radius = last / 2;
  for (let x = 0; x < target.length; x++) {
    let sum = kernel[radius]! * line[x + radius]!;
    for (let i = 0; i < radius; i++) sum += kernel[i]! * (line[x + i]! + line[x + last - i]!);
    target[x] = sum;
  }
}

function addMultiple(target: Float64Array, source: Float64Array, weight: number): void {
  for (let x = 0; x < target.length; x++) target[x]! += weight * source[x]!;
}

/** Whole rows at a time: columns would leap through memory. */
function addPair(
  target: Float64Array,
  { above, below }: { above: Float64Array; below: Float64Array },
  weight: number,
): void {
  for (let x = 0; x < target.length; x++) target[x]! += weight * (above[x]! + below[x]!);
}
