// Fields of noise for textures: the same everywhere for the same seed, at any resolution.
import { seededRandom } from '../../random.ts';

const TABLE_BITS = 14;
const TABLE = Float32Array.from({ length: 1 << TABLE_BITS }, seededRandom('texture'));

/** A number in [0, 1] for a cell of the integer plane. */
export function cellNoise(x: number, y: number, seed: number): number {
  const hash = Math.imul(x, 0x27d4eb2d) + Math.imul(y, 0x165667b1) + Math.imul(seed, 0x2c1b3c6d);
  return TABLE[Math.imul(hash ^ (hash >>> 15), 0x85ebca6b) >>> (32 - TABLE_BITS)]!;
}

/** Value noise in [0, 1]: cells of side 1, joined smoothly. */
export function smoothNoise(x: number, y: number, seed: number): number {
  const i = Math.floor(x);
  const j = Math.floor(y);
  const u = ease(x - i);
  const v = ease(y - j);
  const top = cellNoise(i, j, seed) * (1 - u) + cellNoise(i + 1, j, seed) * u;
  const bottom = cellNoise(i, j + 1, seed) * (1 - u) + cellNoise(i + 1, j + 1, seed) * u;
  return top * (1 - v) + bottom * v;
}

const ease = (t: number) => t * t * (3 - 2 * t);

/** Where a value is in its period, in [0, period). */
export function phase(value: number, period: number): number {
  return value - Math.floor(value / period) * period;
}
