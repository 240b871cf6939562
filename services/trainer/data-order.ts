// Which samples a step trains on: the epochs' orders one after the other, cut into batches. A function of seed and step
// alone, so that a training that goes on from a checkpoint sees what it would have seen.
//
// Unlike the paper, which does not say: an image comes up in proportion to its labelled pixels. A batch weighs its pixels alike, so
// the few of an image with some regions would otherwise count for as much as a whole image, and they are the hard ones: trainings
// of minutes lost 4 points of mIoU by it (docs/results/learning.md).
import { assert } from '../shared/errors.ts';
import { randomInteger, seededRandom, shuffle } from '../shared/random.ts';

export interface BatchOrder {
  readonly seed: number;
  /** Labelled pixels of each sample; one without any never comes up. */
  readonly labelledPixels: readonly number[];
  readonly batchSize: number;
}

/** @param step from 0 @returns indices of samples, as many as a batch holds; a batch may reach into the next epoch */
export function batchSamples({ seed, labelledPixels, batchSize }: BatchOrder, step: number): number[] {
  const epochs = new Map<number, number[]>();
  return Array.from({ length: batchSize }, (_, slot) => {
    const position = step * batchSize + slot;
    const epoch = Math.floor(position / labelledPixels.length);
    const samples = epochs.get(epoch) ?? epochSamples(seed, labelledPixels, epoch);
    epochs.set(epoch, samples);
    return samples[position % labelledPixels.length]!;
  });
}

/**
 * As many as there are samples: each once where all are labelled alike, else each in proportion, rounded up or down at random
 * (systematic sampling: equal steps from a random start through the pixels of all samples).
 */
function epochSamples(seed: number, labelledPixels: readonly number[], epoch: number): number[] {
  const random = seededRandom('data-order', seed, epoch);
  const total = labelledPixels.reduce((sum, pixels) => sum + pixels, 0);
  assert(total > 0, 'a training has labelled pixels');
  const start = randomInteger(random, total);
  const samples: number[] = [];
  let pixelsBefore = 0;
  labelledPixels.forEach((pixels, sample) => {
    pixelsBefore += pixels;
    // Whole numbers, so that equal counts are taken exactly equally often.
    const due = Math.floor((labelledPixels.length * pixelsBefore + start) / total);
    while (samples.length < due) samples.push(sample);
  });
  return shuffle(samples, random);
}

/**
 * Arranges a batch for pairs (i, B-1-i): the most completely labelled samples are paired with each other first, because
 * the true loss of a partly labelled one is biased.
 * @param labelledPixels by slot
 * @returns for each place in the batch the slot that goes there
 */
export function pairedOrder(labelledPixels: readonly number[]): number[] {
  const ranked = labelledPixels.map((_, slot) => slot).sort((a, b) => labelledPixels[b]! - labelledPixels[a]! || a - b);
  const placed: number[] = [];
  ranked.forEach((slot, rank) => {
    const pair = rank >> 1;
    placed[rank % 2 === 0 ? pair : labelledPixels.length - 1 - pair] = slot;
  });
  return placed;
}
