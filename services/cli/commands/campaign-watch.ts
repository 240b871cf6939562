// `cpral campaign watch`: follows a campaign to its end and changes nothing.
import type { CommandOf } from '../command.ts';
import { withClient } from '../connect.ts';
import { followCampaigns } from '../follow-campaigns.ts';
import type { Io } from '../io.ts';

export async function campaignWatch({ connection, id }: CommandOf<'campaign watch'>, io: Io): Promise<void> {
  await withClient(connection, io.signal, (client) => followCampaigns(client, [id], io));
}
