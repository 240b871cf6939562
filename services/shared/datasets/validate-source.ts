// Everything is read and decoded once before anything is sent, so that a bad file leaves nothing half imported.
import { availableParallelism } from 'node:os';
import { decodeImage } from '../images/images.ts';
import type { DatasetSource } from './dataset-source.ts';
import { mapConcurrently } from './map-concurrently.ts';
import { naming } from './refusal.ts';

/** Pairs decoded at once; each holds one picture and one mask in memory. */
const MAX_CONCURRENCY = 8;

/** Throws INVALID_ARGUMENT, naming the file or image, for the first pair that cannot be read and decoded whole. */
export async function validateSource(
  { images }: DatasetSource,
  onProgress: (imagesDone: number, imagesTotal: number) => void = () => {},
): Promise<void> {
  let done = 0;
  onProgress(0, images.length);
  await mapConcurrently(images, Math.min(MAX_CONCURRENCY, availableParallelism()), async (source) => {
    const { image } = await source.read();
    await naming(source.place, decodeImage(image));
    onProgress(++done, images.length);
  });
}
