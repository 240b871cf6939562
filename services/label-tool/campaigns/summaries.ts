// Campaigns as lists show them. What a campaign learnt changes with its entity tag alone, so a list of ended ones asks for nothing twice.
import { type Campaign, CampaignState } from '../../../proto/gen/cpral/v1/resources.ts';
import { boundedMap } from '../bounded-map.ts';
import type { CampaignSummary } from '../dashboard-types.ts';
import { getDataset, getOperation, listCycles } from '../registry/ask-registry.ts';
import type { Registry } from '../registry/registry.ts';
import { learntFrom, summaryOf } from '../views/campaign-view.ts';

const MAX_KEPT = 2_000;

export interface Summaries {
  of(campaign: Campaign): Promise<CampaignSummary>;
}

export function createSummaries(registry: Registry): Summaries {
  const datasetNames = boundedMap<string, string>(MAX_KEPT);
  const learnt = boundedMap<string, ReturnType<typeof learntFrom>>(MAX_KEPT);

  async function nameOf(datasetId: string): Promise<string> {
    const known = datasetNames.get(datasetId);
    if (known !== undefined) return known;
    const { displayName } = await getDataset(registry, datasetId);
    datasetNames.set(datasetId, displayName);
    return displayName;
  }

  async function learntBy({ campaignId, etag }: Campaign): Promise<ReturnType<typeof learntFrom>> {
    const key = `${campaignId}/${etag}`;
    const known = learnt.get(key);
    if (known) return known;
    const found = learntFrom(await listCycles(registry, campaignId));
    learnt.set(key, found);
    return found;
  }

  return {
    async of(campaign) {
      const isRunning = campaign.state === CampaignState.CAMPAIGN_STATE_RUNNING;
      const [datasetName, operation, found] = await Promise.all([
        nameOf(campaign.datasetId),
        isRunning ? getOperation(registry, campaign.operationId) : undefined,
        learntBy(campaign),
      ]);
      return summaryOf({ campaign, datasetName, progress: operation?.progress, ...found });
    },
  };
}
