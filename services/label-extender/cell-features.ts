// Encoder features on the extension's grid: read off at the centre of each cell, bilinearly between the four nearest features.
// The corners of the feature map lie on the corners of the image, as the network itself upsamples it.
import { assert } from '../shared/errors.ts';
import type { Size } from '../shared/images/images.ts';
import type { FeatureMap } from '../shared/model/feature-map.ts';
import { gridSize } from './grid.ts';

/** @param size the image's @returns h*w*channels, a cell after the other */
export function cellFeatures(
  { height, width, channels, values }: FeatureMap,
  size: Size,
  stridePx: number,
): Float64Array {
  assert(values.length === height * width * channels, 'a feature map holds its rows, columns and channels');
  const grid = gridSize(size, stridePx);
  const cells = new Float64Array(grid.height * grid.width * channels);
  for (let row = 0; row < grid.height; row++) {
    const y = place(row, { stridePx, pixels: size.height, features: height });
    for (let column = 0; column < grid.width; column++) {
      const x = place(column, { stridePx, pixels: size.width, features: width });
      const cell = (row * grid.width + column) * channels;
      for (const [v, weightY] of y) {
        for (const [u, weightX] of x) {
          const from = (v * width + u) * channels;
          for (let channel = 0; channel < channels; channel++) {
            cells[cell + channel]! += weightY * weightX * values[from + channel]!;
          }
        }
      }
    }
  }
  return cells;
}

/** The two features around a cell's centre along one side, each with its weight. */
function place(
  cell: number,
  { stridePx, pixels, features }: { stridePx: number; pixels: number; features: number },
): [index: number, weight: number][] {
  const start = cell * stridePx;
  const centre = (start + Math.min(start + stridePx, pixels) - 1) / 2;
  const position = pixels > 1 ? (centre * (features - 1)) / (pixels - 1) : 0;
  const low = Math.min(features - 1, Math.floor(position));
  const share = position - low;
  return [
    [low, 1 - share],
    [Math.min(features - 1, low + 1), share],
  ];
}
