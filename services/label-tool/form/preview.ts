// What a campaign would cost: the registry's plan, and what an earlier campaign took.
import type { CampaignPlan } from '../../../proto/gen/cpral/v1/pool_registry.ts';
import { type CampaignConfig, RegionalScore, type Strategy } from '../../../proto/gen/cpral/v1/resources.ts';
import { namesParts, strategyOfParts } from '../../shared/strategy-parts.ts';
import type { CampaignPreview, EstimatedSeconds } from '../dashboard-types.ts';
import { allCampaigns, getDataset, listCycles } from '../registry/ask-registry.ts';
import { ask, firstOf, type Registry } from '../registry/registry.ts';
import { computesAlike, estimateSeconds } from './estimate-seconds.ts';

/** Among the newest so many an earlier campaign is looked for. */
const MAX_READ = 200;

export async function previewOf(
  registry: Registry,
  {
    datasetId,
    config,
    plan,
  }: { readonly datasetId: string; readonly config: CampaignConfig; readonly plan: CampaignPlan },
): Promise<CampaignPreview> {
  const { trainImages } = await getDataset(registry, datasetId);
  const imagePixels = (config.size?.height ?? 0) * (config.size?.width ?? 0);
  return {
    poolImages: trainImages,
    initialImages: config.initialImages,
    initialPixels: config.initialImages * imagePixels,
    regionsPerCycle: plan.regionsPerCycle,
    pixelsPerCycle: Number(plan.pixelsPerCycle),
    regionSizePx: plan.regionSizePx,
    subsetImages: plan.subsetImages,
    finalFraction: plan.finalFraction,
    peopleSeconds: null,
    computeSeconds: await estimated(registry, config, plan, trainImages),
  };
}

async function estimated(
  registry: Registry,
  config: CampaignConfig,
  plan: CampaignPlan,
  poolImages: number,
): Promise<EstimatedSeconds | null> {
  const strategy = await findStrategy(registry, config.strategy);
  if (!strategy) return null;
  const { list } = await firstOf(allCampaigns(registry), MAX_READ);
  for (const campaign of list.filter((each) => computesAlike(each, { config, strategy }))) {
    const cycles = await listCycles(registry, campaign.campaignId);
    const basis = { campaign, cycles, poolImages: (await getDataset(registry, campaign.datasetId)).trainImages };
    const seconds = estimateSeconds({ config, strategy, plan, poolImages }, basis);
    if (seconds) return seconds;
  }
  return null;
}

async function findStrategy({ pool }: Registry, name: string): Promise<Strategy | undefined> {
  if (namesParts(name)) return strategyOfParts(name);
  const { strategies } = await ask(pool, pool.listStrategies, {});
  return strategies.find((each) => each.name === name);
}

export function labelsWholeImages({ regional }: Strategy): boolean {
  return regional === RegionalScore.REGIONAL_SCORE_WHOLE_IMAGE;
}
