// The flags of `cpral work`.
import type { Command as Commander } from 'commander';
import { invalid } from '../shared/errors.ts';
import { type Command, WORK_STATES, type WorkState } from './command.ts';
import { connected, connection, jsonOption, option, type RawConnection } from './flags.ts';
import { oneOf, someText } from './values.ts';

type RawList = RawConnection & { readonly json?: boolean; readonly campaign?: string; readonly state?: WorkState };
type RawRedrive = RawConnection & { readonly campaign?: string };

const campaignOption = () => option('--campaign <id>', 'only work of this campaign', someText, "a campaign's id");

export function addWorkCommands(program: Commander, done: (command: Command) => void): void {
  const work = program
    .command('work')
    .description('look at work items, and give those that were given up another chance');
  connected(work.command('list').description('list work that is open, under way or parked, with its cause'))
    .addOption(campaignOption())
    .addOption(option('--state <state>', 'only work in this state', oneOf, WORK_STATES))
    .addOption(jsonOption())
    .action((o: RawList) =>
      done({
        name: 'work list',
        connection: connection(o),
        json: o.json === true,
        campaignId: o.campaign,
        state: o.state,
      }),
    );
  connected(work.command('redrive').description('try parked work again; a campaign that failed by it goes on'))
    .argument('[ITEM...]', 'the ids of parked items, as work list shows them')
    .addOption(campaignOption())
    .action((itemIds: string[], o: RawRedrive) => {
      if (itemIds.length > 0 === (o.campaign !== undefined)) {
        throw invalid('work redrive: expected either items or --campaign', { field: '--campaign' });
      }
      done({ name: 'work redrive', connection: connection(o), itemIds, campaignId: o.campaign });
    });
}
