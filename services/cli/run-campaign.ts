// A campaign from its configuration to its end.
import type { Campaign, CampaignConfig } from '../../proto/gen/cpral/v1/resources.ts';
import { CpralError } from '../shared/errors.ts';
import { hasEnded, type RegistryClient } from './client.ts';
import { canResume } from './follow-campaigns.ts';
import { followCampaign } from './progress/follow-campaign.ts';
import type { ProgressView } from './progress/view.ts';

export interface CampaignToRun {
  readonly datasetId: string;
  readonly config: CampaignConfig;
  /** For people. */
  readonly title: string;
}

/** Creates the campaign, or finds the one that an equal command made before, and follows it. @returns it as it ended */
export async function runCampaign(
  client: RegistryClient,
  { datasetId, config, title }: CampaignToRun,
  view: ProgressView,
): Promise<Campaign> {
  const { campaign, existed } = await client.createCampaign({ datasetId, config, validateOnly: false });
  if (!campaign) throw new CpralError('INTERNAL', 'CreateCampaign: expected a campaign in the answer, got none');
  const { campaignId } = campaign;
  const ended = hasEnded(campaign) && !canResume(campaign);
  view.note(existed ? `${title}: ${campaignId}, ${ended ? 'done before' : 'goes on'}` : `${title}: ${campaignId}`);
  if (canResume(campaign)) await client.resumeCampaign(campaignId);
  return ended ? campaign : followCampaign(client, campaignId, view);
}
