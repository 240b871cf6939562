// Sends a dataset to the registry: everything is checked first, so a bad file leaves nothing behind.
import type { ImportDatasetRequest } from '../../proto/gen/cpral/v1/pool_registry.ts';
import { type Blob, type Dataset, Split } from '../../proto/gen/cpral/v1/resources.ts';
import type { DatasetSource, SourceImage } from '../shared/datasets/dataset-source.ts';
import { validateSource } from '../shared/datasets/validate-source.ts';
import { CpralError } from '../shared/errors.ts';
import { INLINE_LIMIT_BYTES, refBlob } from '../shared/objects/blob.ts';
import type { RegistryClient } from './client.ts';
import type { ProgressView } from './progress/view.ts';

export interface Imported {
  readonly dataset: Dataset;
  /** The same content was there already. */
  readonly existed: boolean;
}

export async function importSource(
  client: RegistryClient,
  source: DatasetSource,
  view: ProgressView,
): Promise<Imported> {
  const count = (done: number) => ({ done, total: source.images.length, unit: 'images' });
  view.start('check', `check ${source.displayName}`);
  await validateSource(source, (done) => view.update('check', count(done)));
  view.finish('check', `${source.images.length} images`);
  view.start('import', `import ${source.displayName}`);
  const { dataset, existed } = await client.importDataset(
    parts(client, source, (done) => view.update('import', count(done))),
  );
  if (!dataset) throw new CpralError('INTERNAL', 'ImportDataset: expected a dataset in the answer, got none');
  view.finish('import', existed ? `${dataset.datasetId}, known already` : dataset.datasetId);
  return { dataset, existed };
}

async function* parts(
  client: RegistryClient,
  { displayName, classMap, images }: DatasetSource,
  onSent: (images: number) => void,
): AsyncGenerator<ImportDatasetRequest> {
  yield { part: { $case: 'description', value: { displayName, classMap } } };
  for (const [index, image] of images.entries()) {
    yield { part: { $case: 'image', value: await importImage(client, image) } };
    onSent(index + 1);
  }
}

async function importImage(client: RegistryClient, source: SourceImage) {
  const pair = await source.read();
  return {
    imageId: source.imageId,
    split: source.split === 'train' ? Split.SPLIT_TRAIN : Split.SPLIT_VAL,
    image: await blobOf(client, pair.image),
    groundTruth: await blobOf(client, pair.groundTruth),
  };
}

/** Small files travel inside the message, which saves a call for each; the rest are stored first. */
async function blobOf(client: RegistryClient, bytes: Uint8Array): Promise<Blob> {
  if (bytes.length <= INLINE_LIMIT_BYTES) return { source: { $case: 'inline', value: bytes } };
  return refBlob(await client.uploadObject(bytes));
}
