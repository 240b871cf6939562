// Gaussian blur of bytes, in place: rows, then columns, with a kernel of three standard deviations to each side.
import type { Pixels } from '../shared/images/images.ts';

const RADIUS_SIGMAS = 3;

/** @param image H*W*3 @param sigmaPx above 0 */
export function blur(image: Pixels, sigmaPx: number): void {
  const { height, width, data } = image;
  const kernel = gaussian(sigmaPx);
  const row = width * 3;
  for (let y = 0; y < height; y++) {
    for (let channel = 0; channel < 3; channel++) {
      blurLine(data, { start: y * row + channel, step: 3, length: width }, kernel);
    }
  }
  for (let x = 0; x < row; x++) blurLine(data, { start: x, step: row, length: height }, kernel);
}

/** One half of the kernel, its centre first; the whole of it sums to 1. */
function gaussian(sigmaPx: number): number[] {
  const radius = Math.ceil(RADIUS_SIGMAS * sigmaPx);
  const half = Array.from({ length: radius + 1 }, (_, i) => Math.exp(-(i * i) / (2 * sigmaPx * sigmaPx)));
  const total = 2 * half.reduce((sum, value) => sum + value) - half[0]!;
  return half.map((value) => value / total);
}

function blurLine(
  data: Uint8Array,
  line: { readonly start: number; readonly step: number; readonly length: number },
  half: readonly number[],
): void {
  const { start, step, length } = line;
  const source = Float64Array.from({ length }, (_, i) => data[start + i * step]!);
  const at = (i: number) => source[Math.min(length - 1, Math.max(0, i))]!;
  for (let i = 0; i < length; i++) {
    let sum = source[i]! * half[0]!;
    for (let k = 1; k < half.length; k++) sum += (at(i - k) + at(i + k)) * half[k]!;
    data[start + i * step] = Math.round(sum);
  }
}
