// Damaged copies of valid inputs: what a fuzzer without coverage does, decided by a seed.
import { randomInteger } from '../../../services/shared/random.ts';

/** Lengths, signs and ends of numbers: where parsers go wrong. */
const ODD_BYTES = [0x00, 0x01, 0x7f, 0x80, 0xfe, 0xff];
const MAX_CHANGES = 6;

/** @returns a copy with one to six changes: bits, odd bytes, cuts, repeats, and pieces of the other sample */
export function mutate(sample: Uint8Array, other: Uint8Array, random: () => number): Uint8Array {
  let bytes: Uint8Array = Uint8Array.from(sample);
  for (let changes = 1 + randomInteger(random, MAX_CHANGES); changes > 0; changes--) {
    bytes = CHANGES[randomInteger(random, CHANGES.length)]!(bytes, other, random);
  }
  return bytes;
}

type Change = (bytes: Uint8Array, other: Uint8Array, random: () => number) => Uint8Array;

const CHANGES: readonly Change[] = [
  (bytes, _, random) => inPlace(bytes, random, (byte) => byte ^ (1 << randomInteger(random, 8))),
  (bytes, _, random) => inPlace(bytes, random, () => ODD_BYTES[randomInteger(random, ODD_BYTES.length)]!),
  (bytes, _, random) => inPlace(bytes, random, () => randomInteger(random, 256)),
  (bytes, _, random) => bytes.subarray(0, randomInteger(random, bytes.length + 1)),
  (bytes, _, random) => {
    const [from, to] = piece(bytes, random);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
  },
  (bytes, _, random) => {
    const [from, to] = piece(bytes, random);
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
  },
  (bytes, other, random) => {
    const [from, to] = piece(other, random);
    const at = randomInteger(random, bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, at), other.subarray(from, to), bytes.subarray(at)]);
  },
];

function inPlace(bytes: Uint8Array, random: () => number, change: (byte: number) => number): Uint8Array {
  if (bytes.length === 0) return bytes;
  const at = randomInteger(random, bytes.length);
  bytes[at] = change(bytes[at]!);
  return bytes;
}

/** At most 64 bytes, so that repeats do not grow a sample without end. */
function piece(bytes: Uint8Array, random: () => number): [from: number, to: number] {
  const from = randomInteger(random, bytes.length + 1);
  return [from, Math.min(bytes.length, from + randomInteger(random, 65))];
}
