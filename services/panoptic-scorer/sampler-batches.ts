// The batches of VAAL's training: as many labelled images as unlabelled ones, each pool in its own seeded order.
import type { Size } from '../shared/images/images.ts';
import type { SamplerBatch } from '../shared/sampler/sampler-session.ts';
import { epochOrder } from './epoch-order.ts';
import type { ThumbnailPool } from './thumbnail-pool.ts';
import { bytesOfThumbnail } from './thumbnails.ts';

export interface SamplerPools {
  readonly labelled: ThumbnailPool;
  readonly unlabelled: ThumbnailPool;
}

interface BatchOptions {
  readonly batchSize: number;
  readonly size: Size;
  readonly seed: number;
  /** After each image: a batch of a large pool is as many blocks to read. */
  readonly onImage?: () => void;
}

/** @returns from the batch's number, from 0, the batch: B labelled images, then B unlabelled ones */
export function samplerBatches(
  { labelled, unlabelled }: SamplerPools,
  { batchSize, size, seed, onImage }: BatchOptions,
): (number: number) => Promise<SamplerBatch> {
  const bytes = bytesOfThumbnail(size);
  const halves = [
    { pool: labelled, order: epochOrder(seed, 'labelled', labelled.count) },
    { pool: unlabelled, order: epochOrder(seed, 'unlabelled', unlabelled.count) },
  ];
  return async (number) => {
    const images = new Uint8Array(2 * batchSize * bytes);
    const ranks = new Float32Array(2 * batchSize);
    for (const [half, { pool, order }] of halves.entries()) {
      for (let i = 0; i < batchSize; i++) {
        const { pixels, rank } = await pool.get(order(number * batchSize + i));
        const place = half * batchSize + i;
        images.set(pixels, place * bytes);
        ranks[place] = rank;
        onImage?.();
      }
    }
    return { images, ranks };
  };
}
