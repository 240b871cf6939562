// Sends a dataset to the registry: everything is checked first, so a bad file leaves nothing behind.
import type { Dataset } from '../../proto/gen/cpral/v1/resources.ts';
import type { DatasetSource } from '../shared/datasets/dataset-source.ts';
import { importMessages } from '../shared/datasets/import-messages.ts';
import { validateSource } from '../shared/datasets/validate-source.ts';
import { CpralError } from '../shared/errors.ts';
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
    importMessages(source, { upload: client.uploadObject, onSent: (done) => view.update('import', count(done)) }),
  );
  if (!dataset) throw new CpralError('INTERNAL', 'ImportDataset: expected a dataset in the answer, got none');
  view.finish('import', existed ? `${dataset.datasetId}, known already` : dataset.datasetId);
  return { dataset, existed };
}
