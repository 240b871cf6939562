// Contextual attention, Eq. 7: how much each labelled patch of an image says about each place.
//
//   S(q, k) = <P_q, P_k> / (max(|P_q|, 1e-4) max(|P_k|, 1e-4)),   A(q, .) = softmax over labelled k of  scale S(q, k)
//
//   P_q    the 3x3 patch of colours around cell q, 27 values, border cells repeated      scale  10
//   k      patches whose centre is labelled; the others have the score -infinity: with 0 they would still take mass
//
// One row of A at a time: the whole of it would be as large as the square of the grid.
import type { Size } from '../shared/images/images.ts';

const NORM_MIN = 1e-4;
/** Values of a patch: 3x3 cells of 3 channels. */
const PATCH_LENGTH = 27;

/**
 * @param colors h*w*3
 * @returns patches divided by their norm, h*w*27
 */
export function unitPatches(colors: Float64Array, { height, width }: Size): Float64Array {
  const patches = new Float64Array(height * width * PATCH_LENGTH);
  for (let cell = 0; cell < height * width; cell++) {
    const patch = patches.subarray(cell * PATCH_LENGTH, (cell + 1) * PATCH_LENGTH);
    let i = 0;
    for (let dy = -1; dy <= 1; dy++) {
      const y = clamp(Math.floor(cell / width) + dy, height - 1);
      for (let dx = -1; dx <= 1; dx++) {
        const x = clamp((cell % width) + dx, width - 1);
        for (let channel = 0; channel < 3; channel++) patch[i++] = colors[(y * width + x) * 3 + channel]!;
      }
    }
    const norm = Math.max(NORM_MIN, Math.sqrt(patch.reduce((sum, value) => sum + value * value, 0)));
    for (i = 0; i < PATCH_LENGTH; i++) patch[i]! /= norm;
  }
  return patches;
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
 * @param patches unit patches, h*w*27
 */
export function forEachAttention(
  patches: Float64Array,
  { queries, keys, scale }: AttentionOptions,
  visit: (query: number, weights: Float64Array) => void,
): void {
  const paddedCount = Math.ceil(keys.length / LANES) * LANES;
  const keyPatches = new Float64Array(paddedCount * PATCH_LENGTH);
  keys.forEach((key, k) => {
    keyPatches.set(patches.subarray(key * PATCH_LENGTH, (key + 1) * PATCH_LENGTH), k * PATCH_LENGTH);
  });
  const scores = new Float64Array(paddedCount);
  const weights = scores.subarray(0, keys.length);
  for (const query of queries) {
    scorePatch(patches, query * PATCH_LENGTH, keyPatches, scores);
    softmax(weights, scale);
    visit(query, weights);
  }
}

/** Keys that are scored side by side, so that each value of the query's patch is loaded once for all of them. */
const LANES = 4;

/** Writes the inner product of the patch that starts at `query` with every key's patch. */
function scorePatch(patches: Float64Array, query: number, keyPatches: Float64Array, scores: Float64Array): void {
  for (let k = 0; k < scores.length; k += LANES) {
    let a = k * PATCH_LENGTH;
    let b = a + PATCH_LENGTH;
    let c = b + PATCH_LENGTH;
    let d = c + PATCH_LENGTH;
    let [sumA, sumB, sumC, sumD] = [0, 0, 0, 0];
    for (let i = query; i < query + PATCH_LENGTH; i++) {
      const value = patches[i]!;
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
