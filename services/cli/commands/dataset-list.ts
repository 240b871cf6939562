// `cpral dataset list`.
import { Dataset } from '../../../proto/gen/cpral/v1/resources.ts';
import { all } from '../client.ts';
import type { CommandOf } from '../command.ts';
import { withClient } from '../connect.ts';
import { type Io, print } from '../io.ts';
import { formatTable } from '../table.ts';

const COLUMNS = [
  { title: 'dataset', align: 'left' },
  { title: 'name', align: 'left' },
  { title: 'classes', align: 'right' },
  { title: 'train', align: 'right' },
  { title: 'val', align: 'right' },
] as const;

export async function datasetList({ connection, json }: CommandOf<'dataset list'>, io: Io): Promise<void> {
  const datasets = await withClient(connection, io.signal, (client) => all(client.datasets()));
  if (json) return print(io, JSON.stringify(datasets.map(Dataset.toJSON), null, 2));
  const rows = datasets.map(({ datasetId, displayName, classMap, trainImages, valImages }) => [
    datasetId,
    displayName,
    String(classMap?.classes.length ?? 0),
    String(trainImages),
    String(valImages),
  ]);
  print(
    io,
    rows.length === 0 ? 'No dataset yet: cpral dataset import FORMAT:PATH brings one.' : formatTable(COLUMNS, rows),
  );
}
