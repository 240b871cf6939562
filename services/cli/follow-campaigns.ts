// Campaigns followed to their end, and what became of them.
import { type Campaign, CampaignState } from '../../proto/gen/cpral/v1/resources.ts';
import { CpralError } from '../shared/errors.ts';
import { campaignText, stateText } from './campaign-text.ts';
import type { RegistryClient } from './client.ts';
import { type Io, print } from './io.ts';
import { followCampaign } from './progress/follow-campaign.ts';
import { openProgress } from './progress/progress.ts';

/** Whether something stopped it for good until somebody says otherwise. */
export function canResume({ state }: Campaign): boolean {
  return state === CampaignState.CAMPAIGN_STATE_PAUSED || state === CampaignState.CAMPAIGN_STATE_FAILED;
}

/** Throws ABORTED where one did not succeed. */
export async function followCampaigns(client: RegistryClient, ids: readonly string[], io: Io): Promise<void> {
  const view = openProgress(io);
  try {
    const ended = await Promise.all(ids.map((id) => followCampaign(client, id, view)));
    view.close();
    for (const campaign of ended) print(io, campaignText(campaign, await client.cycles(campaign.campaignId)));
    for (const campaign of ended) requireSuccess(campaign);
  } finally {
    view.close();
  }
}

export function requireSuccess(campaign: Campaign): void {
  if (campaign.state === CampaignState.CAMPAIGN_STATE_SUCCEEDED) return;
  const cause = campaign.error === '' ? '' : `: ${campaign.error}`;
  throw new CpralError('ABORTED', `campaign ${campaign.campaignId} ended as ${stateText(campaign)}${cause}`);
}
