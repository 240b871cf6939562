// Seeded chance: a stream of numbers for the plan of a scene, and fields of noise for its textures.

export interface Random {
  /** Uniform in [from, to). */
  between(from: number, to: number): number;
  /** Uniform in 0..count-1. */
  below(count: number): number;
  chance(probability: number): boolean;
  pick<Item>(items: readonly Item[]): Item;
  /** An item by weight. */
  weighted<Item>(items: readonly (readonly [item: Item, weight: number])[]): Item;
}

/** Equal seeds give equal streams; each number of the seed changes all of the stream. */
export function randomOf(...seed: readonly number[]): Random {
  let state = seed.reduce((mixed, part) => mix(mixed ^ mix(part + 0x9e3779b9)), 0x243f6a88);
  const next = () => {
    state = (state + 0x9e3779b9) | 0;
    return (mix(state) >>> 0) / 2 ** 32;
  };
  const below = (count: number) => Math.floor(next() * count);
  return {
    between: (from, to) => from + (to - from) * next(),
    below,
    chance: (probability) => next() < probability,
    pick: (items) => items[below(items.length)]!,
    weighted(items) {
      let left = next() * items.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [item, weight] of items) {
        left -= weight;
        if (left < 0) return item;
      }
      return items.at(-1)![0];
    },
  };
}

/** The finaliser of MurmurHash3: every bit of the input moves half of the output's. */
function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

const TABLE_BITS = 14;
const TABLE = Float32Array.from({ length: 1 << TABLE_BITS }, (_, i) => (mix(i ^ 0x5bd1e995) >>> 0) / 2 ** 32);

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
