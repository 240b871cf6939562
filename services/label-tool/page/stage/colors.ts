// Values of maps as colours of a canvas, by table.
import { IGNORED, type TaskClass, UNLABELLED } from '../../api-types.ts';
import type { Rect, Size } from '../geometry/raster.ts';

/** Red, green, blue and alpha of each value, as one little-endian word. */
export type Colors = Uint32Array;

const OPAQUE = 255;
const IGNORED_GREY = 0x60;
const HOLE = { red: 255, green: 0, blue: 170 };
/** Every so many pixels one of a hole is drawn, along diagonals. */
const HATCH_PX = 4;

function wordOf(red: number, green: number, blue: number, alpha: number): number {
  return ((alpha << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

export function colorsOfClasses(classes: readonly TaskClass[]): Colors {
  const colors = new Uint32Array(256);
  for (const { id, color } of classes) colors[id] = wordOf(...rgbOf(color), OPAQUE);
  colors[IGNORED] = wordOf(IGNORED_GREY, IGNORED_GREY, IGNORED_GREY, OPAQUE);
  return colors;
}

/** @returns transparent to yellow to red: nothing where the model agrees with itself */
export function colorsOfEntropy(): Colors {
  return Uint32Array.from({ length: 256 }, (_, value) =>
    wordOf(255, Math.round(220 * (1 - value / 255)), 0, Math.round(value)),
  );
}

export function rgbOf(color: string): [number, number, number] {
  const value = Number.parseInt(color.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

/** Colours a part of a map. @returns four bytes a pixel of the rectangle */
export function colorize(values: Uint8Array, { width }: Size, rect: Rect, colors: Colors): ImageData {
  const image = new ImageData(rect.width, rect.height);
  const words = new Uint32Array(image.data.buffer);
  for (let y = 0; y < rect.height; y++) {
    const start = (rect.top + y) * width + rect.left;
    for (let x = 0; x < rect.width; x++) words[y * rect.width + x] = colors[values[start + x]!]!;
  }
  return image;
}

/** Hatches the pixels without a label. */
export function hatchHoles(mask: Uint8Array, { width }: Size, rect: Rect): ImageData {
  const image = new ImageData(rect.width, rect.height);
  const words = new Uint32Array(image.data.buffer);
  const strong = wordOf(HOLE.red, HOLE.green, HOLE.blue, OPAQUE);
  const weak = wordOf(HOLE.red, HOLE.green, HOLE.blue, 60);
  for (let y = 0; y < rect.height; y++) {
    const row = rect.top + y;
    for (let x = 0; x < rect.width; x++) {
      const column = rect.left + x;
      if (mask[row * width + column] !== UNLABELLED) continue;
      words[y * rect.width + x] = (row + column) % HATCH_PX === 0 ? strong : weak;
    }
  }
  return image;
}
