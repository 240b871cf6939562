// Pasting labels by attention, Eq. 8: around each place, the 3x3 label patches of the labelled places that it attends to.
//
//   L(p) = sum_d sum_k A(p - d, k) l(k + d)  /  sum_d sum_k A(p - d, k) m(k + d)       d over the 3x3 offsets
//
//   A  attention      l  one-hot labels, zero where unlabelled      m  1 where labelled, else 0
//
// Classes are pasted as one-hot vectors, never as numbers that could be averaged into another class. Unlike the paper, which
// leaves it open, unlabelled cells of a pasted patch are left out of the mean, so that L is a distribution over classes.
import type { Size } from '../shared/images/images.ts';
import { attend } from './attention.ts';
import { PATCH_LENGTH } from './patches.ts';

const OFFSETS = [-1, 0, 1].flatMap((dy) => [-1, 0, 1].map((dx) => ({ dy, dx })));

export interface PasteOptions {
  /** The grid's size in cells. */
  readonly size: Size;
  readonly classCount: number;
  /** l, h*w*C; a cell is labelled where its values are not all 0. */
  readonly labels: Float64Array;
  /** Cells whose L is wanted, 1 where it is; the neighbours of each ask as well. */
  readonly wanted: Uint8Array;
  readonly scale: number;
  /** Numbers of a patch; by default those of colours. */
  readonly patchLength?: number;
}

/**
 * @param patches unit patches, h*w*patchLength
 * @returns L, h*w*C: exact for the wanted cells, summing to 1 there
 */
export function pasteLabels(patches: Float32Array, options: PasteOptions): Float64Array {
  const { size, classCount, labels, wanted, scale, patchLength = PATCH_LENGTH } = options;
  const keys = cellsWhere(size, (cell) =>
    labels.subarray(cell * classCount, (cell + 1) * classCount).some((l) => l > 0),
  );
  const queries = cellsWhere(size, (cell) => OFFSETS.some((d) => wanted[neighbour(cell, d, size)] === 1));
  const pasted = new Float64Array(labels.length);
  if (keys.length === 0) return pasted;

  const valueLength = OFFSETS.length * classCount;
  const values = labelPatches(keys, { labels, size, classCount });
  const attended = attend(patches, { queries, keys, values, valueLength, scale, patchLength }); // queries * 9 * C
  queries.forEach((query, q) => {
    OFFSETS.forEach((d, index) => {
      const cell = neighbour(query, d, size);
      if (cell === OUTSIDE) return;
      const from = q * valueLength + index * classCount;
      for (let id = 0; id < classCount; id++) pasted[cell * classCount + id]! += attended[from + id]!;
    });
  });
  return normalise(pasted, classCount);
}

/** @returns l(k + d) for each key and offset, keys * 9 * C; zeros outside the image */
function labelPatches(
  keys: Int32Array,
  { labels, size, classCount }: { labels: Float64Array; size: Size; classCount: number },
): Float32Array {
  const patches = new Float32Array(keys.length * OFFSETS.length * classCount);
  keys.forEach((key, k) => {
    OFFSETS.forEach((d, index) => {
      const cell = neighbour(key, d, size);
      if (cell === OUTSIDE) return;
      const label = labels.subarray(cell * classCount, (cell + 1) * classCount);
      patches.set(label, (k * OFFSETS.length + index) * classCount);
    });
  });
  return patches;
}

/** Divides each cell's values by their sum. */
function normalise(distribution: Float64Array, classCount: number): Float64Array {
  for (let start = 0; start < distribution.length; start += classCount) {
    const cell = distribution.subarray(start, start + classCount);
    const sum = cell.reduce((total, value) => total + value, 0);
    if (sum > 0) for (let id = 0; id < classCount; id++) cell[id]! /= sum;
  }
  return distribution;
}

const OUTSIDE = -1;

function neighbour(cell: number, { dy, dx }: { dy: number; dx: number }, { height, width }: Size): number {
  const y = Math.floor(cell / width) + dy;
  const x = (cell % width) + dx;
  return y >= 0 && y < height && x >= 0 && x < width ? y * width + x : OUTSIDE;
}

function cellsWhere({ height, width }: Size, holds: (cell: number) => boolean): Int32Array {
  const cells = Array.from({ length: height * width }, (_, cell) => cell);
  return Int32Array.from(cells.filter(holds));
}
