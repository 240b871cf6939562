// What a line costs that runs through a pixel: little on an edge of the picture, much in a flat place.
//   cost = 1 + (MOST - 1) (1 - g / g_max)^2        g = length of the Sobel gradient of the lightness
import { labOf } from './lab.ts';
import type { Size } from './raster.ts';

/** Of a pixel without any gradient. Whole numbers up to it, so that the search can sort by buckets. */
export const MOST_COST = 32;

export function edgeCost(rgba: Uint8ClampedArray, size: Size): Uint8Array {
  const slopes = sobel(labOf(rgba), size);
  let steepest = 0;
  for (const slope of slopes) steepest = Math.max(steepest, slope);
  return Uint8Array.from(slopes, (slope) => {
    const flatness = steepest === 0 ? 1 : 1 - slope / steepest;
    return Math.round(1 + (MOST_COST - 1) * flatness * flatness);
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
