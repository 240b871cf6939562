// `cpral work redrive`.
import type { CommandOf } from '../command.ts';
import { withClient } from '../connect.ts';
import { type Io, print } from '../io.ts';
import { workTable } from '../work-text.ts';

export async function workRedrive(command: CommandOf<'work redrive'>, io: Io): Promise<void> {
  const { connection, itemIds, campaignId = '' } = command;
  const items = await withClient(connection, io.signal, (client) => client.redriveWork({ itemIds, campaignId }));
  print(io, items.length === 0 ? 'Nothing is parked.' : workTable(items, new Date()));
}
