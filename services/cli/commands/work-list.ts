// `cpral work list`.
import { WorkItem, workItemStateFromJSON } from '../../../proto/gen/cpral/v1/resources.ts';
import { all } from '../client.ts';
import type { CommandOf } from '../command.ts';
import { withClient } from '../connect.ts';
import { type Io, print } from '../io.ts';
import { workTable } from '../work-text.ts';

export async function workList(command: CommandOf<'work list'>, io: Io): Promise<void> {
  const { connection, campaignId = '', state, json } = command;
  const states = state ? [workItemStateFromJSON(`WORK_ITEM_STATE_${state.toUpperCase()}`)] : [];
  const items = await withClient(connection, io.signal, (client) => all(client.workItems({ campaignId, states })));
  if (json) return print(io, JSON.stringify(items.map(WorkItem.toJSON), null, 2));
  print(io, items.length === 0 ? 'No such work.' : workTable(items, new Date()));
}
