// The true classes of an image, for those who may see them: the simulated annotator, and counts of what a model had wrong.
import type { Blob } from '../../../proto/gen/cpral/v1/resources.ts';
import { about } from '../about.ts';
import { invalid } from '../errors.ts';
import { decodeMask, type Size } from '../images/images.ts';
import { readBlob } from '../objects/blob.ts';
import type { ObjectReader } from '../objects/object-store.ts';
import { NO_CLASS } from './origins.ts';

/** @returns true classes at the campaign's size, H*W */
export async function readGroundTruth(
  objects: ObjectReader,
  { imageId, groundTruth }: { readonly imageId: string; readonly groundTruth: Blob | undefined },
  { size, classCount }: { size: Size; classCount: number },
): Promise<Uint8Array> {
  const name = `ground truth of ${imageId}`;
  const { data } = await about(name, decodeMask(await readBlob(objects, groundTruth, name), size));
  const wrong = data.find((id) => id >= classCount && id !== NO_CLASS);
  if (wrong !== undefined) {
    throw invalid(`${name}: expected classes below ${classCount} or ${NO_CLASS}, got ${wrong}`, {
      field: 'ground_truth',
    });
  }
  return data;
}
