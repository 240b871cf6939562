// What annotators know: the truth, by class and by object.
import { floodFill } from '../../../services/label-tool/page/geometry/flood-fill.ts';
import type { Size } from '../../../services/label-tool/page/geometry/raster.ts';

export const VOID = 255;

export interface TrueObject {
  readonly id: number;
  /** Indices of its pixels. */
  readonly pixels: readonly number[];
}

/** @returns the connected parts of each class, the largest first */
export function objectsOf(truth: Uint8Array, size: Size): TrueObject[] {
  const seen = new Uint8Array(truth.length);
  const objects: TrueObject[] = [];
  for (let start = 0; start < truth.length; start++) {
    if (seen[start] || truth[start] === VOID) continue;
    const pixels: number[] = [];
    floodFill(truth, size, { x: start % size.width, y: Math.floor(start / size.width) })((y, left, right) => {
      for (let x = left; x < right; x++) pixels.push(y * size.width + x);
    });
    for (const at of pixels) seen[at] = 1;
    objects.push({ id: truth[start]!, pixels });
  }
  return objects.sort((a, b) => b.pixels.length - a.pixels.length);
}

/** @returns the class with the most pixels among some */
export function commonest(truth: Uint8Array, pixels: Iterable<number>): number {
  const counts = new Map<number, number>();
  for (const at of pixels) if (truth[at] !== VOID) counts.set(truth[at]!, (counts.get(truth[at]!) ?? 0) + 1);
  return [...counts].sort(([idA, a], [idB, b]) => b - a || idA - idB)[0]?.[0] ?? VOID;
}

export function agreementOf(mask: Uint8Array, truth: Uint8Array): number {
  let known = 0;
  let right = 0;
  truth.forEach((id, at) => {
    if (id === VOID) return;
    known++;
    if (mask[at] === id) right++;
  });
  return right / known;
}
