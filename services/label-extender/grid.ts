// The coarse grid on which an image is compared with itself: square cells of `stride` pixels, cut off at the right and lower
// border. Comparing pixels would cost (H W)^2; comparing cells costs stride^4 times less.
import type { Size } from '../shared/images/images.ts';
import { isAnnotation, NO_CLASS } from '../shared/labels/origins.ts';
import type { PixelLabel } from '../shared/labels/pixel-label.ts';

/** The grid's own size in cells. */
export function gridSize({ height, width }: Size, stridePx: number): Size {
  return { height: Math.ceil(height / stridePx), width: Math.ceil(width / stridePx) };
}

/** Calls `visit` for each pixel with the cell that it lies in. */
export function forEachPixel(
  { height, width }: Size,
  stridePx: number,
  visit: (pixel: number, cell: number) => void,
): void {
  const columns = Math.ceil(width / stridePx);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(y / stridePx) * columns;
    for (let x = 0; x < width; x++) visit(y * width + x, row + Math.floor(x / stridePx));
  }
}

/**
 * @param rgb H*W*3
 * @returns the mean colour of each cell, scaled to [-1, 1] as the network sees it, h*w*3: around zero, since the cosines of
 *   colours that are all positive are all near 1 and tell nothing apart
 */
export function cellColors(rgb: Uint8Array, size: Size, stridePx: number): Float64Array {
  const grid = gridSize(size, stridePx);
  const colors = new Float64Array(grid.height * grid.width * 3);
  const pixels = new Uint32Array(grid.height * grid.width);
  forEachPixel(size, stridePx, (pixel, cell) => {
    pixels[cell]!++;
    for (let channel = 0; channel < 3; channel++) colors[cell * 3 + channel]! += rgb[pixel * 3 + channel]!;
  });
  return colors.map((sum, i) => sum / pixels[Math.floor(i / 3)]! / 127.5 - 1);
}

/**
 * The mean one-hot label of the pixels that somebody labelled with a class; on a grid of single pixels, the one-hot label
 * itself. Void and extended pixels say nothing.
 * @returns h*w*C; a cell's values sum to 1, or to 0 where none of its pixels is labelled
 */
export function cellLabels(label: PixelLabel, stridePx: number, classCount: number): Float64Array {
  const grid = gridSize(label, stridePx);
  const labels = new Float64Array(grid.height * grid.width * classCount);
  const pixels = new Uint32Array(grid.height * grid.width);
  forEachPixel(label, stridePx, (pixel, cell) => {
    const id = label.classes[pixel]!;
    if (id === NO_CLASS || !isAnnotation(label.origins[pixel]!)) return;
    labels[cell * classCount + id]!++;
    pixels[cell]!++;
  });
  return labels.map((count, i) => (count === 0 ? 0 : count / pixels[Math.floor(i / classCount)]!));
}
