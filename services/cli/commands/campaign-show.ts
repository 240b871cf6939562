// `cpral campaign show`.
import { Campaign, Cycle } from '../../../proto/gen/cpral/v1/resources.ts';
import { campaignText } from '../campaign-text.ts';
import type { CommandOf } from '../command.ts';
import { withClient } from '../connect.ts';
import { type Io, print } from '../io.ts';

export async function campaignShow({ connection, id, json }: CommandOf<'campaign show'>, io: Io): Promise<void> {
  const { campaign, cycles } = await withClient(connection, io.signal, async (client) => ({
    campaign: await client.getCampaign(id),
    cycles: await client.cycles(id),
  }));
  if (!json) return print(io, campaignText(campaign, cycles));
  print(io, JSON.stringify({ campaign: Campaign.toJSON(campaign), cycles: cycles.map(Cycle.toJSON) }, null, 2));
}
