import type { Size } from './raster.ts';

/** Calls for the pixels beside, above and below one, in reading order. */
export function eachNeighbour(at: number, { height, width }: Size, visit: (beside: number) => void): void {
  const x = at % width;
  if (at >= width) visit(at - width);
  if (x > 0) visit(at - 1);
  if (x + 1 < width) visit(at + 1);
  if (at < (height - 1) * width) visit(at + width);
}
