// Fetches what the report of finished campaigns needs.
import { all, type RegistryClient } from '../client.ts';
import { describeMachine, describeVersions } from '../machine.ts';
import { buildReport, type CampaignResult } from './build-report.ts';
import { collectPictures } from './collect-pictures.ts';
import { collectPool } from './collect-pool.ts';
import type { SelectionPictures } from './pictures/picture.ts';
import type { Report } from './report.ts';

export interface ReportSubjects {
  /** The strategy's campaign, then those that it is compared with. */
  readonly campaignIds: readonly string[];
  /** The training on all labels. */
  readonly fullId: string | undefined;
  readonly preset: string | null;
}

export interface Collected {
  readonly report: Report;
  readonly pictures: readonly SelectionPictures[];
}

export async function collectReport(
  client: RegistryClient,
  { campaignIds, fullId, preset }: ReportSubjects,
): Promise<Collected> {
  const result = async (campaignId: string): Promise<CampaignResult> => ({
    campaign: await client.getCampaign(campaignId),
    cycles: await client.cycles(campaignId),
    regions: await all(client.regions(campaignId)),
  });
  const results = await Promise.all(campaignIds.map(result));
  const { campaign } = results[0]!;
  const dataset = await client.getDataset(campaign.datasetId);
  const report = buildReport({
    dataset,
    pool: await collectPool(client, campaign.datasetId, dataset.classMap?.classes.length ?? 0),
    results,
    full: fullId === undefined ? undefined : await result(fullId),
    preset,
    machine: describeMachine(),
    versions: describeVersions(),
  });
  return { report, pictures: await collectPictures(client, campaign) };
}
