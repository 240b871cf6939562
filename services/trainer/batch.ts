// The batch of a step: which samples, how they are changed, and where they lie in it.
import { seededRandom } from '../shared/random.ts';
import { type AugmentationOptions, augment, drawAugmentation, type Sample } from './augment.ts';
import { batchSamples, pairedOrder } from './data-order.ts';
import type { Samples } from './samples.ts';

export interface BatchSource {
  readonly samples: Samples;
  /** Of each sample. */
  readonly labelledPixels: readonly number[];
  readonly seed: number;
  readonly batchSize: number;
  readonly height: number;
  readonly width: number;
  readonly augmentation: AugmentationOptions;
}

export interface Batch {
  /** [batch, height, width, 3]. */
  readonly images: Uint8Array<ArrayBuffer>;
  /** [batch, height, width]. */
  readonly labels: Uint8Array<ArrayBuffer>;
}

/** A function of the source's seed and the step alone. */
export async function makeBatch(source: BatchSource, step: number): Promise<Batch> {
  const { samples, labelledPixels, seed, batchSize, height, width, augmentation } = source;
  const indices = batchSamples({ seed, labelledPixels, batchSize }, step);
  const chosen: Sample[] = [];
  for (const index of indices) chosen.push(await samples.get(index));

  const pixels = height * width;
  const batch = { images: new Uint8Array(batchSize * pixels * 3), labels: new Uint8Array(batchSize * pixels) };
  pairedOrder(indices.map((index) => labelledPixels[index]!)).forEach((slot, place) => {
    const change = drawAugmentation(augmentation, seededRandom('augmentation', seed, step, slot));
    augment(chosen[slot]!, change, {
      image: batch.images.subarray(place * pixels * 3, (place + 1) * pixels * 3),
      classes: batch.labels.subarray(place * pixels, (place + 1) * pixels),
    });
  });
  return batch;
}
