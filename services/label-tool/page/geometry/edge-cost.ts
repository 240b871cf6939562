// What a line costs that runs through a pixel: little on an edge of the picture, much in a flat place.
//   cost = LEAST + (MOST - LEAST) (1 - g / g_max)^2
// g      length of the Sobel gradient of the lightness
// g_max  the longest within AROUND_PX, but no less than FAINTEST of the longest anywhere: a faint edge is one where there is no other,
//        and a line does not go around by a strong one
import { labOf } from './lab.ts';
import type { Size } from './raster.ts';

/** Whole numbers, so that the search can sort by buckets; not so far apart that a long way along an edge beats a short one beside it. */
export const LEAST_COST = 3;
export const MOST_COST = 30;
const AROUND_PX = 10;
const FAINTEST = 0.08;

export function edgeCost(rgba: Uint8ClampedArray, size: Size): Uint8Array {
  const slopes = sobel(labOf(rgba), size);
  let steepest = 0;
  for (const slope of slopes) steepest = Math.max(steepest, slope);
  const around = largestAround(slopes, size, AROUND_PX);
  return Uint8Array.from(slopes, (slope, at) => {
    const flatness = steepest === 0 ? 1 : 1 - slope / Math.max(around[at]!, FAINTEST * steepest);
    return Math.round(LEAST_COST + (MOST_COST - LEAST_COST) * flatness * flatness);
  });
}

function sobel(lab: Float32Array, { height, width }: Size): Float32Array {
  const slopes = new Float32Array(height * width);
  const light = (x: number, y: number) =>
    lab[(Math.min(height - 1, Math.max(0, y)) * width + Math.min(width - 1, Math.max(0, x))) * 3]!;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const left = light(x - 1, y - 1) + 2 * light(x - 1, y) + light(x - 1, y + 1);
      const right = light(x + 1, y - 1) + 2 * light(x + 1, y) + light(x + 1, y + 1);
      const above = light(x - 1, y - 1) + 2 * light(x, y - 1) + light(x + 1, y - 1);
      const below = light(x - 1, y + 1) + 2 * light(x, y + 1) + light(x + 1, y + 1);
      slopes[y * width + x] = Math.hypot(right - left, below - above);
    }
  }
  return slopes;
}

/** @returns the largest value in a square around each pixel: along rows, then along columns */
function largestAround(values: Float32Array, { width }: Size, reach: number): Float32Array {
  const alongRows = new Float32Array(values.length);
  const largest = new Float32Array(values.length);
  for (let at = 0; at < values.length; at++) {
    const x = at % width;
    const last = at - x + Math.min(width - 1, x + reach);
    for (let near = at - x + Math.max(0, x - reach); near <= last; near++)
      alongRows[at] = Math.max(alongRows[at]!, values[near]!);
  }
  for (let at = 0; at < values.length; at++) {
    const first = Math.max(at % width, at - reach * width);
    const last = Math.min(values.length - 1, at + reach * width);
    for (let near = first; near <= last; near += width) largest[at] = Math.max(largest[at]!, alongRows[near]!);
  }
  return largest;
}
