// `cpral campaign resume`: lets campaigns go on, and follows them. Those that were only interrupted went on when the services started.
import type { Campaign } from '../../../proto/gen/cpral/v1/resources.ts';
import { all, hasEnded } from '../client.ts';
import type { CommandOf } from '../command.ts';
import { withClient } from '../connect.ts';
import { canResume, followCampaigns } from '../follow-campaigns.ts';
import { type Io, print } from '../io.ts';

export async function campaignResume({ connection, id }: CommandOf<'campaign resume'>, io: Io): Promise<void> {
  await withClient(connection, io.signal, async (client) => {
    const chosen = id === undefined ? (await all(client.campaigns())).filter(isOpen) : [await client.getCampaign(id)];
    if (chosen.length === 0) return print(io, 'No campaign is open: nothing to resume.');
    for (const campaign of chosen) if (canResume(campaign)) await client.resumeCampaign(campaign.campaignId);
    await followCampaigns(client, oldestFirst(chosen), io);
  });
}

const isOpen = (campaign: Campaign) => !hasEnded(campaign) || canResume(campaign);

/** Lists come newest first; people expect the order in which they began. */
const oldestFirst = (campaigns: readonly Campaign[]) => campaigns.map(({ campaignId }) => campaignId).reverse();
