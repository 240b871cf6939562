// Which samples a step trains on: the epochs' permutations one after the other, cut into batches. A function of seed and step
// alone, so that a training that goes on from a checkpoint sees what it would have seen.
import { seededRandom, shuffle } from '../shared/random.ts';

export interface BatchOrder {
  readonly seed: number;
  readonly sampleCount: number;
  readonly batchSize: number;
}

/** @param step from 0 @returns indices of samples, as many as a batch holds; a batch may reach into the next epoch */
export function batchSamples({ seed, sampleCount, batchSize }: BatchOrder, step: number): number[] {
  const permutations = new Map<number, number[]>();
  return Array.from({ length: batchSize }, (_, slot) => {
    const position = step * batchSize + slot;
    const epoch = Math.floor(position / sampleCount);
    const permutation = permutations.get(epoch) ?? epochPermutation(seed, sampleCount, epoch);
    permutations.set(epoch, permutation);
    return permutation[position % sampleCount]!;
  });
}

function epochPermutation(seed: number, sampleCount: number, epoch: number): number[] {
  const samples = Array.from({ length: sampleCount }, (_, index) => index);
  return shuffle(samples, seededRandom('data-order', seed, epoch));
}

/**
 * Arranges a batch for pairs (i, B-1-i): the most completely labelled samples are paired with each other first, because
 * the true loss of a partly labelled one is biased.
 * @param labelledShares by slot, in [0, 1]
 * @returns for each place in the batch the slot that goes there
 */
export function pairedOrder(labelledShares: readonly number[]): number[] {
  const ranked = labelledShares.map((_, slot) => slot).sort((a, b) => labelledShares[b]! - labelledShares[a]! || a - b);
  const placed: number[] = [];
  ranked.forEach((slot, rank) => {
    const pair = rank >> 1;
    placed[rank % 2 === 0 ? pair : labelledShares.length - 1 - pair] = slot;
  });
  return placed;
}
