// Contextual attention, Eq. 7: how much each labelled patch of an image says about each place.
//
//   S(q, k) = <P_q, P_k> / (max(|P_q|, 1e-4) max(|P_k|, 1e-4)),   A(q, .) = softmax over labelled k of  scale S(q, k)
//
//   P_q    the 3x3 patch of colours around cell q, 27 values, border cells repeated, or the features of cell q      scale  10
//   k      patches whose centre is labelled; the others have the score -infinity: with 0 they would still take mass
//
// One row of A at a time: the whole of it would be as large as the square of the grid.
import type { Size } from '../shared/images/images.ts';

const NORM_MIN = 1e-4;

/** What cells are compared by. */
export interface CellFeatures extends Readonly<Size> {
  readonly channels: number;
  /** 3: with their neighbours; 1: by themselves, where features have seen the neighbourhood already. */
  readonly patchSide: 1 | 3;
  /** h*w*channels */
  readonly values: Float64Array;
}

/** Unit patches of every cell, h*w*length. */
export interface Patches {
  readonly length: number;
  readonly values: Float64Array;
}

/** @returns patches divided by their norm */
export function unitPatches({ height, width, channels, patchSide, values }: CellFeatures): Patches {
  const length = patchSide ** 2 * channels;
  const reach = (patchSide - 1) / 2;
  const patches = new Float64Array(height * width * length);
  for (let cell = 0; cell < height * width; cell++) {
    const patch = patches.subarray(cell * length, (cell + 1) * length);
    let i = 0;
    for (let dy = -reach; dy <= reach; dy++) {
      const y = clamp(Math.floor(cell / width) + dy, height - 1);
      for (let dx = -reach; dx <= reach; dx++) {
        const x = clamp((cell % width) + dx, width - 1);
        const start = (y * width + x) * channels;
        for (let channel = 0; channel < channels; channel++) patch[i++] = values[start + channel]!;
      }
    }
    const norm = Math.max(NORM_MIN, Math.sqrt(patch.reduce((sum, value) => sum + value * value, 0)));
    for (i = 0; i < length; i++) patch[i]! /= norm;
  }
  return { length, values: patches };
}

/** The paper's patches: colours, 3x3. @param colors h*w*3 */
export function colorPatches(colors: Float64Array, { height, width }: Size): Patches {
  return unitPatches({ height, width, channels: 3, patchSide: 3, values: colors });
}

export interface AttentionOptions {
  /** Cells that ask. */
  readonly queries: Int32Array;
  /** Cells that answer: those with a label, at least one. */
  readonly keys: Int32Array;
  readonly scale: number;
}

/**
 * Calls `visit` with each row of A: one weight a key, summing to 1. The row is overwritten by the next one.
 */
export function forEachAttention(
  { length, values: patches }: Patches,
  { queries, keys, scale }: AttentionOptions,
  visit: (query: number, weights: Float64Array) => void,
): void {
  const paddedCount = Math.ceil(keys.length / LANES) * LANES;
  const keyPatches = new Float64Array(paddedCount * length);
  keys.forEach((key, k) => {
    keyPatches.set(patches.subarray(key * length, (key + 1) * length), k * length);
  });
  const scores = new Float64Array(paddedCount);
  const weights = scores.subarray(0, keys.length);
  for (const query of queries) {
    scorePatch(patches.subarray(query * length, (query + 1) * length), keyPatches, scores);
    softmax(weights, scale);
    visit(query, weights);
  }
}

/** Keys that are scored side by side, so that each value of the query's patch is loaded once for all of them. */
const LANES = 4;

/** Writes the inner product of a patch with every key's patch. */
function scorePatch(patch: Float64Array, keyPatches: Float64Array, scores: Float64Array): void {
  const { length } = patch;
  for (let k = 0; k < scores.length; k += LANES) {
    let a = k * length;
    let b = a + length;
    let c = b + length;
    let d = c + length;
    let [sumA, sumB, sumC, sumD] = [0, 0, 0, 0];
    for (let i = 0; i < length; i++) {
      const value = patch[i]!;
      sumA += value * keyPatches[a++]!;
      sumB += value * keyPatches[b++]!;
      sumC += value * keyPatches[c++]!;
      sumD += value * keyPatches[d++]!;
    }
    scores[k] = sumA;
    scores[k + 1] = sumB;
    scores[k + 2] = sumC;
    scores[k + 3] = sumD;
  }
}

/** Replaces scores by exp(scale s) / sum exp(scale s). */
function softmax(scores: Float64Array, scale: number): void {
  let max = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < scores.length; k++) max = Math.max(max, scores[k]!);
  let sum = 0;
  for (let k = 0; k < scores.length; k++) {
    const mass = Math.exp(scale * (scores[k]! - max));
    scores[k] = mass;
    sum += mass;
  }
  for (let k = 0; k < scores.length; k++) scores[k]! /= sum;
}

const clamp = (value: number, max: number) => Math.max(0, Math.min(max, value));
