// Fetches what a comparison of campaigns needs, a finished campaign once however many figures show it.
import { type CampaignConfig, CampaignState } from '../../../proto/gen/cpral/v1/resources.ts';
import type { RegistryClient } from '../client.ts';
import { reportCampaign } from '../report/build-report.ts';
import { collectPool } from '../report/collect-pool.ts';
import { rareClasses } from '../report/rare-classes.ts';
import type { ReportCampaign } from '../report/report.ts';
import type { Study } from './study.ts';

export async function collectStudyDataset(client: RegistryClient, datasetId: string): Promise<Study['dataset']> {
  const dataset = await client.getDataset(datasetId);
  const classes = dataset.classMap?.classes ?? [];
  const { classShare } = await collectPool(client, datasetId, classes.length);
  return {
    name: dataset.displayName,
    trainImages: dataset.trainImages,
    valImages: dataset.valImages,
    classes,
    rareClasses: rareClasses(classShare),
  };
}

export interface CollectedCampaign {
  readonly config: CampaignConfig;
  readonly result: ReportCampaign;
}

/** @param rare class ids @returns undefined where the campaign did not succeed */
export async function collectCampaign(
  client: RegistryClient,
  campaignId: string,
  rare: readonly number[],
): Promise<CollectedCampaign | undefined> {
  const campaign = await client.getCampaign(campaignId);
  if (campaign.state !== CampaignState.CAMPAIGN_STATE_SUCCEEDED || !campaign.config) return undefined;
  const cycles = await client.cycles(campaignId);
  // Which windows were picked says nothing over seeds; how good they were is counted in the cycles.
  const result = reportCampaign({ campaign, cycles, regions: [] }, { rare, results: [] });
  return { config: campaign.config, result };
}
