// What is left to do: the pixels that have no label yet.
import { UNLABELLED } from '../../api-types.ts';
import { floodFill } from './flood-fill.ts';
import type { Point, Size } from './raster.ts';

export interface Hole {
  /** A pixel of it, near its middle. */
  readonly at: Point;
  readonly pixels: number;
}

/**
 * The first hole in reading order that starts after the point and is not the one around it; from the end it goes on at the start.
 * @returns undefined where everything is labelled
 */
export function nextHole(mask: Uint8Array, size: Size, after: Point): Hole | undefined {
  const here = Math.floor(after.y) * size.width + Math.floor(after.x);
  const current = mask[here] === UNLABELLED ? pixelsAround(mask, size, here) : [];
  const ours = new Set(current);
  for (let i = 1; i <= mask.length; i++) {
    const at = (here + i) % mask.length;
    if (mask[at] === UNLABELLED && !ours.has(at)) return describe(pixelsAround(mask, size, at), size);
  }
  return current.length > 0 ? describe(current, size) : undefined;
}

function pixelsAround(mask: Uint8Array, size: Size, at: number): number[] {
  const pixels: number[] = [];
  floodFill(mask, size, { x: at % size.width, y: Math.floor(at / size.width) })((y, left, right) => {
    for (let x = left; x < right; x++) pixels.push(y * size.width + x);
  });
  return pixels;
}

function describe(pixels: readonly number[], { width }: Size): Hole {
  let sumX = 0;
  let sumY = 0;
  for (const at of pixels) {
    sumX += at % width;
    sumY += Math.floor(at / width);
  }
  const meanX = sumX / pixels.length;
  const meanY = sumY / pixels.length;
  const away = (at: number) => ((at % width) - meanX) ** 2 + (Math.floor(at / width) - meanY) ** 2;
  const middle = pixels.reduce((best, at) => (away(at) < away(best) ? at : best));
  return { at: { x: (middle % width) + 0.5, y: Math.floor(middle / width) + 0.5 }, pixels: pixels.length };
}
