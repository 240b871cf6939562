// A dataset as the messages of an import: read one by one, as fast as they are taken.
import type { ImportDatasetRequest, ImportImage } from '../../../proto/gen/cpral/v1/pool_registry.ts';
import { type Blob, type ObjectRef, Split } from '../../../proto/gen/cpral/v1/resources.ts';
import { INLINE_LIMIT_BYTES, refBlob } from '../objects/blob.ts';
import type { DatasetSource, SourceImage } from './dataset-source.ts';

export interface ImportPorts {
  /** Stores what is too large for a message. */
  readonly upload: (bytes: Uint8Array) => Promise<ObjectRef>;
  readonly onSent: (images: number) => void;
}

export async function* importMessages(
  { displayName, classMap, images }: DatasetSource,
  { upload, onSent }: ImportPorts,
): AsyncGenerator<ImportDatasetRequest> {
  yield { part: { $case: 'description', value: { displayName, classMap } } };
  for (const [index, image] of images.entries()) {
    yield { part: { $case: 'image', value: await importImage(image, upload) } };
    onSent(index + 1);
  }
}

async function importImage(source: SourceImage, upload: ImportPorts['upload']): Promise<ImportImage> {
  const pair = await source.read();
  return {
    imageId: source.imageId,
    split: source.split === 'train' ? Split.SPLIT_TRAIN : Split.SPLIT_VAL,
    image: await blobOf(pair.image, upload),
    groundTruth: await blobOf(pair.groundTruth, upload),
  };
}

/** Small files travel inside the message, which saves a call for each; the rest are stored first. */
async function blobOf(bytes: Uint8Array, upload: ImportPorts['upload']): Promise<Blob> {
  if (bytes.length <= INLINE_LIMIT_BYTES) return { source: { $case: 'inline', value: bytes } };
  return refBlob(await upload(bytes));
}
