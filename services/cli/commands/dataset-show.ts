// `cpral dataset show`.
import { Dataset } from '../../../proto/gen/cpral/v1/resources.ts';
import type { CommandOf } from '../command.ts';
import { withClient } from '../connect.ts';
import { type Io, print } from '../io.ts';
import { formatTable } from '../table.ts';

const COLUMNS = [
  { title: 'class', align: 'right' },
  { title: 'name', align: 'left' },
  { title: 'color', align: 'left' },
] as const;

export async function datasetShow({ connection, id, json }: CommandOf<'dataset show'>, io: Io): Promise<void> {
  const dataset = await withClient(connection, io.signal, (client) => client.getDataset(id));
  if (json) return print(io, JSON.stringify(Dataset.toJSON(dataset), null, 2));
  const { datasetId, displayName, trainImages, valImages, classMap } = dataset;
  const classes = (classMap?.classes ?? []).map(({ name, color }, classId) => [String(classId), name, color]);
  print(
    io,
    `${datasetId}: ${displayName}, ${trainImages} training and ${valImages} validation images\n\n${formatTable(COLUMNS, classes)}`,
  );
}
