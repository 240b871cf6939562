// Seeded randomness for everybody: a stream of numbers is named by its parts, for instance ('noise', seed, imageId), and equal
// parts give the equal stream on every machine. The state is the first 128 bits of the SHA-256 of the parts as a JSON array,
// read as little-endian words; the generator is sfc32 (Chris Doty-Humphrey, PractRand).
import { createHash } from 'node:crypto';

export type RandomPart = string | number;

function digestOfParts(parts: readonly RandomPart[]): DataView {
  const bytes = createHash('sha256').update(JSON.stringify(parts)).digest();
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** @returns a function that gives the next number in [0, 1), 53 bits deep */
export function seededRandom(...parts: RandomPart[]): () => number {
  const state = digestOfParts(parts);
  let a = state.getInt32(0, true);
  let b = state.getInt32(4, true);
  let c = state.getInt32(8, true);
  let counter = state.getInt32(12, true);
  const nextWord = () => {
    const word = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + word;
    c |= 0;
    return word >>> 0;
  };
  return () => ((nextWord() >>> 5) * 2 ** 26 + (nextWord() >>> 6)) / 2 ** 53;
}

/** Two seeds in [0, 2^31) for a stateless random operation of a graph. */
export function seedPair(...parts: RandomPart[]): readonly [number, number] {
  const state = digestOfParts(parts);
  return [state.getUint32(0, true) >>> 1, state.getUint32(4, true) >>> 1];
}

/** @returns a whole number in [0, limit) */
export function randomInteger(random: () => number, limit: number): number {
  return Math.floor(random() * limit);
}

/** @returns the items in random order; the argument stays as it is */
export function shuffle<T>(items: readonly T[], random: () => number): T[] {
  const shuffled = items.slice();
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = randomInteger(random, i + 1);
    [shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!];
  }
  return shuffled;
}
