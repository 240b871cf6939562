// Pasting labels by attention, Eq. 8: around each place, the 3x3 label patches of the labelled places that it attends to.
//
//   L(p) = sum_d sum_k A(p - d, k) l(k + d)  /  sum_d sum_k A(p - d, k) m(k + d)       d over the 3x3 offsets
//
//   A  attention      l  one-hot labels, zero where unlabelled      m  1 where labelled, else 0
//
// Classes are pasted as one-hot vectors, never as numbers that could be averaged into another class. Unlike the paper, which
// leaves it open, unlabelled cells of a pasted patch are left out of the mean, so that L is a distribution over classes.
import type { Size } from '../shared/images/images.ts';
import { forEachAttention, type Patches } from './attention.ts';

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
}

/**
 * @param patches of every cell, h*w
 * @returns L, h*w*C: exact for the wanted cells, summing to 1 there
 */
export function pasteLabels(patches: Patches, options: PasteOptions): Float64Array {
  const { size, classCount, labels, wanted, scale } = options;
  const keys = cellsWhere(size, (cell) =>
    labels.subarray(cell * classCount, (cell + 1) * classCount).some((l) => l > 0),
  );
  const queries = cellsWhere(size, (cell) => OFFSETS.some((d) => wanted[neighbour(cell, d, size)] === 1));
  const pasted = new Float64Array(labels.length);
  if (keys.length === 0) return pasted;
  const { starts, sources, shares } = patchEntries(keys, labels, size, classCount);

  const patch = new Float64Array(OFFSETS.length * classCount);
  forEachAttention(patches, { queries, keys, scale }, (query, weights) => {
    for (let target = 0; target < patch.length; target++) {
      let sum = 0;
      for (let i = starts[target]!; i < starts[target + 1]!; i++) sum += weights[sources[i]!]! * shares[i]!;
      patch[target] = sum;
    }
    OFFSETS.forEach((d, index) => {
      const cell = neighbour(query, d, size);
      if (cell === OUTSIDE) return;
      for (let id = 0; id < classCount; id++) pasted[cell * classCount + id]! += patch[index * classCount + id]!;
    });
  });
  return normalise(pasted, classCount);
}

/**
 * The label patches of all keys without their zeros, of which there are many as labels are nearly one-hot. The entries of offset
 * d and class c, target = index of d times C plus c, are starts[target] .. starts[target + 1] - 1.
 */
interface PatchEntries {
  readonly starts: Int32Array;
  /** Index of the key. */
  readonly sources: Int32Array;
  readonly shares: Float64Array;
}

function patchEntries(keys: Int32Array, labels: Float64Array, size: Size, classCount: number): PatchEntries {
  const starts = [0];
  const sources: number[] = [];
  const shares: number[] = [];
  for (const d of OFFSETS) {
    const shifted = Array.from(keys, (key) => neighbour(key, d, size));
    for (let id = 0; id < classCount; id++) {
      shifted.forEach((cell, k) => {
        const share = cell === OUTSIDE ? 0 : labels[cell * classCount + id]!;
        if (share === 0) return;
        sources.push(k);
        shares.push(share);
      });
      starts.push(sources.length);
    }
  }
  return { starts: Int32Array.from(starts), sources: Int32Array.from(sources), shares: Float64Array.from(shares) };
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
