// `cpral campaign list`.
import { Campaign } from '../../../proto/gen/cpral/v1/resources.ts';
import { campaignTable } from '../campaign-text.ts';
import { all } from '../client.ts';
import type { CommandOf } from '../command.ts';
import { withClient } from '../connect.ts';
import { type Io, print } from '../io.ts';

export async function campaignList({ connection, json }: CommandOf<'campaign list'>, io: Io): Promise<void> {
  const campaigns = await withClient(connection, io.signal, (client) => all(client.campaigns()));
  if (json) return print(io, JSON.stringify(campaigns.map(Campaign.toJSON), null, 2));
  print(
    io,
    campaigns.length === 0 ? 'No campaign yet: cpral run --dataset FORMAT:PATH starts one.' : campaignTable(campaigns),
  );
}
