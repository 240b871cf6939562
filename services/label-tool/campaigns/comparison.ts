// What a campaign is held against: trainings on all labels, and campaigns that differ in little.
import { type Campaign, CampaignConfig, CampaignState } from '../../../proto/gen/cpral/v1/resources.ts';
import type { ComparedCampaign, Comparison, FullReference } from '../dashboard-types.ts';
import { allCampaigns, getDataset, listCycles } from '../registry/ask-registry.ts';
import { firstOf, type Registry } from '../registry/registry.ts';
import { stateWord } from '../views/words.ts';

/** Of all datasets together, the newest ones. */
const MAX_READ = 500;
const MAX_SHOWN = 50;

export async function compare(registry: Registry, campaign: Campaign): Promise<Comparison> {
  const { trainImages } = await getDataset(registry, campaign.datasetId);
  const { list } = await firstOf(allCampaigns(registry), MAX_READ);
  const others = list.filter(
    ({ campaignId, datasetId }) => campaignId !== campaign.campaignId && datasetId === campaign.datasetId,
  );
  const full: FullReference[] = [];
  for (const other of others.filter((each) => isFull(each, trainImages))) {
    const [only] = await listCycles(registry, other.campaignId);
    if (!only?.evaluation) continue;
    const { campaignId, config } = other;
    full.push({
      campaignId,
      miou: only.evaluation.miou,
      seed: config?.seed ?? 0,
      matches: trainsAlike(campaign, other),
    });
  }
  const compared: ComparedCampaign[] = [];
  for (const other of matchesFirst(
    others.filter(({ config }) => (config?.cycles ?? 0) > 1),
    campaign,
  ).slice(0, MAX_SHOWN))
    compared.push(await comparedCampaign(registry, other, campaign));
  return { full: full.sort((a, b) => Number(b.matches) - Number(a.matches)), others: compared };
}

async function comparedCampaign(registry: Registry, other: Campaign, campaign: Campaign): Promise<ComparedCampaign> {
  const cycles = await listCycles(registry, other.campaignId);
  return {
    campaignId: other.campaignId,
    strategy: other.strategy?.name ?? '',
    seed: other.config?.seed ?? 0,
    state: stateWord(other.state),
    matches: differsInStrategy(campaign, other),
    points: cycles.flatMap(({ cycle, labelled, evaluation }) =>
      evaluation && labelled
        ? [{ cycle, pixels: Number(labelled.pixels), fraction: labelled.fraction, miou: evaluation.miou }]
        : [],
    ),
  };
}

function matchesFirst(others: readonly Campaign[], campaign: Campaign): Campaign[] {
  return [...others].sort((a, b) => Number(differsInStrategy(campaign, b)) - Number(differsInStrategy(campaign, a)));
}

function isFull({ config, state }: Campaign, trainImages: number): boolean {
  return (
    state === CampaignState.CAMPAIGN_STATE_SUCCEEDED && config?.cycles === 1 && config.initialImages === trainImages
  );
}

function trainsAlike({ config: a }: Campaign, { config: b }: Campaign): boolean {
  const alike = (config: CampaignConfig | undefined) =>
    JSON.stringify([config?.size, config?.seed, config?.training?.network, config?.training?.encoderWeights?.digest]);
  return alike(a) === alike(b);
}

/** Whole images have neither subset nor region size, so these follow from the strategy; so does an extension that is a part of one. */
function differsInStrategy(a: Campaign, b: Campaign): boolean {
  const extensionIsOfStrategy = [a, b].some(({ strategy }) => strategy?.extensionConfig !== undefined);
  const rest = ({ config }: Campaign) => withoutStrategy(config, extensionIsOfStrategy);
  return rest(a) === rest(b);
}

function withoutStrategy(config: CampaignConfig | undefined, orExtension: boolean): string {
  const rest = { ...CampaignConfig.fromPartial(config ?? {}), strategy: '' };
  return JSON.stringify(CampaignConfig.toJSON(orExtension ? { ...rest, extension: undefined } : rest));
}
