// A small picture of a map: dark where it is low, bright where it is high, in a colour scale whose lightness only rises, so that it
// also reads in grey.
import type { Pixels, Size } from '../shared/images/images.ts';

/** Longest side of a picture in pixels. */
export const HEAT_MAP_SIDE_MAX_PX = 256;

/** RGB at equal steps from low to high; linear between them. */
const COLOR_STOPS = [
  [12, 10, 40],
  [58, 22, 110],
  [150, 35, 115],
  [228, 85, 60],
  [250, 165, 45],
  [255, 250, 190],
] as const;

/**
 * @param map H*W, from 0
 * @param full the value of the brightest colour; the scale follows the square root, as most entropies are small
 * @returns RGB, the map shrunk by block means by a whole factor
 */
export function heatMap(map: ArrayLike<number>, { height, width }: Size, full: number): Pixels {
  const factor = Math.ceil(Math.max(height, width) / HEAT_MAP_SIDE_MAX_PX);
  const small = { height: Math.ceil(height / factor), width: Math.ceil(width / factor) };
  const data = new Uint8Array(small.height * small.width * 3);
  for (let y = 0; y < small.height; y++) {
    for (let x = 0; x < small.width; x++) {
      const rows = { from: y * factor, to: Math.min(height, (y + 1) * factor) };
      const columns = { from: x * factor, to: Math.min(width, (x + 1) * factor) };
      const mean = blockMean(map, width, rows, columns);
      data.set(colorOf(Math.sqrt(Math.min(1, mean / full))), (y * small.width + x) * 3);
    }
  }
  return { ...small, data };
}

interface Span {
  readonly from: number;
  readonly to: number;
}

function blockMean(map: ArrayLike<number>, width: number, rows: Span, columns: Span): number {
  let sum = 0;
  for (let y = rows.from; y < rows.to; y++) {
    for (let x = columns.from; x < columns.to; x++) sum += map[y * width + x]!;
  }
  return sum / ((rows.to - rows.from) * (columns.to - columns.from));
}

/** @param level in [0, 1] */
function colorOf(level: number): number[] {
  const position = level * (COLOR_STOPS.length - 1);
  const index = Math.min(Math.floor(position), COLOR_STOPS.length - 2);
  const [from, to] = [COLOR_STOPS[index]!, COLOR_STOPS[index + 1]!];
  return from.map((channel, i) => Math.round(channel + (to[i]! - channel) * (position - index)));
}
