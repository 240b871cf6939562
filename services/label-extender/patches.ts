// What places of an image are compared by.
import type { Size } from '../shared/images/images.ts';

const NORM_MIN = 1e-4;
/** Values of a patch: 3x3 cells of 3 channels. */
export const PATCH_LENGTH = 27;

/**
 * P_q / max(|P_q|, 1e-4) of Eq. 7: the 3x3 patch of colours around each cell, border cells repeated, divided by its norm.
 * @param colors h*w*3
 * @returns h*w*27
 */
export function unitPatches(colors: Float64Array, { height, width }: Size): Float32Array {
  const patches = new Float32Array(height * width * PATCH_LENGTH);
  const patch = new Float64Array(PATCH_LENGTH);
  for (let cell = 0; cell < height * width; cell++) {
    let i = 0;
    let squares = 0;
    for (let dy = -1; dy <= 1; dy++) {
      const y = clamp(Math.floor(cell / width) + dy, height - 1);
      for (let dx = -1; dx <= 1; dx++) {
        const x = clamp((cell % width) + dx, width - 1);
        for (let channel = 0; channel < 3; channel++) {
          const color = colors[(y * width + x) * 3 + channel]!;
          squares += color * color;
          patch[i++] = color;
        }
      }
    }
    const norm = Math.max(NORM_MIN, Math.sqrt(squares));
    for (i = 0; i < PATCH_LENGTH; i++) patches[cell * PATCH_LENGTH + i] = patch[i]! / norm;
  }
  return patches;
}

/**
 * The same for the features of each cell by themselves. Unlike the paper's colours they know their neighbourhood already.
 * @param features h*w*channels
 * @returns h*w*channels
 */
export function unitFeatures(features: Float64Array, channels: number): Float32Array {
  const units = new Float32Array(features.length);
  for (let start = 0; start < features.length; start += channels) {
    let squares = 0;
    for (let i = start; i < start + channels; i++) squares += features[i]! ** 2;
    const norm = Math.max(NORM_MIN, Math.sqrt(squares));
    for (let i = start; i < start + channels; i++) units[i] = features[i]! / norm;
  }
  return units;
}

const clamp = (value: number, max: number) => Math.max(0, Math.min(max, value));
