// Counts the classes of the pool in its ground truth, to hold the picks against.
import { type DatasetImage, Split } from '../../../proto/gen/cpral/v1/resources.ts';
import { decodeMask } from '../../shared/images/images.ts';
import type { RegistryClient } from '../client.ts';
import type { PoolShare } from './report.ts';

/** An even sample of a large pool tells the shares well enough, and costs seconds. */
const MAX_COUNTED_IMAGES = 400;

export async function collectPool(client: RegistryClient, datasetId: string, classCount: number): Promise<PoolShare> {
  const images: DatasetImage[] = [];
  for await (const image of client.datasetImages(datasetId, Split.SPLIT_TRAIN))
    if (image.groundTruth) images.push(image);
  const sample = evenSample(images, MAX_COUNTED_IMAGES);
  const counts = new Float64Array(256);
  for (const { groundTruth } of sample) {
    addCounts(counts, (await decodeMask(await client.downloadObject(groundTruth!))).data);
  }
  return poolShare(counts, { classCount, countedImages: sample.length });
}

/** Takes count items at even distances, the first one included. Pure. */
export function evenSample<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  return Array.from({ length: count }, (_, at) => items[Math.floor((at * items.length) / count)]!);
}

function addCounts(counts: Float64Array, mask: Uint8Array): void {
  for (const id of mask) counts[id]!++;
}

/** @param counts pixels by the 256 values of a mask */
export function poolShare(counts: Float64Array, of: { classCount: number; countedImages: number }): PoolShare {
  const known = Array.from(counts.subarray(0, of.classCount));
  const classed = known.reduce((sum, count) => sum + count, 0);
  const all = counts.reduce((sum, count) => sum + count, 0);
  return {
    countedImages: of.countedImages,
    classShare: classed > 0 ? known.map((count) => count / classed) : [],
    voidShare: all > 0 ? (all - classed) / all : 0,
  };
}
