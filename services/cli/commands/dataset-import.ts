// `cpral dataset import`: all of a dataset, or nothing. Prints its id.

import { parseDatasetFlag } from '../../shared/datasets/dataset-flag.ts';
import { openDataset } from '../../shared/datasets/open-dataset.ts';
import type { CommandOf } from '../command.ts';
import { withClient } from '../connect.ts';
import { importSource } from '../import-source.ts';
import { type Io, print } from '../io.ts';
import { openProgress } from '../progress/progress.ts';

export async function datasetImport({ connection, dataset: flag }: CommandOf<'dataset import'>, io: Io): Promise<void> {
  const source = await openDataset(parseDatasetFlag(flag));
  const view = openProgress(io);
  try {
    await withClient(connection, io.signal, async (client) => {
      const { dataset } = await importSource(client, source, view);
      view.close();
      print(io, dataset.datasetId);
    });
  } finally {
    view.close();
  }
}
