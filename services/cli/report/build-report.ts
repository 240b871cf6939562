// From the registry's resources to the report. Pure.
import {
  type Campaign,
  CampaignConfig,
  type Cycle,
  campaignStateToJSON,
  type Dataset,
  type Region,
} from '../../../proto/gen/cpral/v1/resources.ts';
import { assert } from '../../shared/errors.ts';
import { overlapShare } from './overlap.ts';
import { rareClasses, rareIou } from './rare-classes.ts';
import {
  type PoolShare,
  REPORT_SCHEMA,
  type Report,
  type ReportCampaign,
  type ReportCycle,
  type ReportFull,
  type ReportMachine,
} from './report.ts';

export interface CampaignResult {
  readonly campaign: Campaign;
  readonly cycles: readonly Cycle[];
  /** What was picked, over all cycles. */
  readonly regions: readonly Region[];
}

export interface ReportSources {
  readonly dataset: Dataset;
  readonly pool: PoolShare;
  /** The strategy's campaign, then those that it is compared with. */
  readonly results: readonly CampaignResult[];
  /** The training on all labels. */
  readonly full: CampaignResult | undefined;
  readonly preset: string | null;
  readonly machine: ReportMachine;
  readonly versions: Readonly<Record<string, string>>;
}

export function buildReport({ dataset, pool, results, full, preset, machine, versions }: ReportSources): Report {
  const [main] = results;
  assert(main?.campaign.config, 'a report needs a campaign with its configuration');
  const { config } = main.campaign;
  const rare = rareClasses(pool.classShare);
  const campaigns = results.map((result) => reportCampaign(result, { rare, results }));
  return {
    schema: REPORT_SCHEMA,
    dataset: {
      id: dataset.datasetId,
      name: dataset.displayName,
      trainImages: dataset.trainImages,
      valImages: dataset.valImages,
      classes: (dataset.classMap?.classes ?? []).map(({ name, color }) => ({ name, color })),
      pool,
      rareClasses: rare,
    },
    strategy: config.strategy,
    preset,
    config: CampaignConfig.toJSON(config) as Record<string, unknown>,
    seed: config.seed,
    campaigns,
    full: full ? reportFull(reportCampaign(full, { rare, results: [] }), campaigns) : null,
    machine,
    versions,
  };
}

export interface Around {
  readonly rare: readonly number[];
  /** Whose picks are held against each other. */
  readonly results: readonly CampaignResult[];
}

export function reportCampaign(result: CampaignResult, around: Around): ReportCampaign {
  const { campaign, cycles } = result;
  return {
    name: campaign.config?.strategy ?? '',
    id: campaign.campaignId,
    state: campaignStateToJSON(campaign.state).replace('CAMPAIGN_STATE_', '').toLowerCase(),
    seed: campaign.config?.seed ?? 0,
    cycles: cycles
      .filter(({ evaluation }) => evaluation !== undefined)
      .map((cycle) => reportCycle(cycle, around.rare, overlaps(result, cycle.cycle, around.results))),
    excluded: campaign.excludedImages.map(({ imageId, cause }) => ({ imageId, cause })),
  };
}

/** By the name of each other campaign of the same size: the share of this one's picks of a cycle that it has too. */
function overlaps({ campaign, regions }: CampaignResult, cycle: number, results: readonly CampaignResult[]) {
  const size = campaign.config?.size;
  const shares: Record<string, number> = {};
  for (const { campaign: other, regions: picked } of results) {
    if (!size || !other.config || other.campaignId === campaign.campaignId) continue;
    const ofCycle = (all: readonly Region[]) => all.filter((region) => region.cycle === cycle);
    const share = overlapShare(ofCycle(regions), ofCycle(picked), size);
    if (share !== null) shares[other.config.strategy] = share;
  }
  return shares;
}

function reportCycle(
  { cycle, labelled, evaluation, loss, seconds, quality, modelId }: Cycle,
  rare: readonly number[],
  overlap: Readonly<Record<string, number>>,
): ReportCycle {
  const iou = evaluation!.iou.map((value) => (value < 0 ? null : value));
  return {
    cycle,
    labelled: {
      images: Number(labelled?.images ?? 0),
      regions: Number(labelled?.regions ?? 0),
      pixels: Number(labelled?.pixels ?? 0),
      voidPixels: Number(labelled?.voidPixels ?? 0),
      fraction: labelled?.fraction ?? 0,
    },
    extended: { pixels: Number(labelled?.extendedPixels ?? 0) },
    miou: evaluation!.miou,
    iou,
    rareIou: rareIou(iou, rare),
    pixelAccuracy: evaluation!.pixelAccuracy,
    loss,
    seconds: {
      train: seconds?.train ?? 0,
      rate: seconds?.rate ?? 0,
      select: seconds?.select ?? 0,
      annotate: seconds?.annotate ?? 0,
      extend: seconds?.extend ?? 0,
    },
    modelId,
    picked: quality
      ? {
          pixels: Number(quality.pickedPixels),
          voidPixels: Number(quality.voidPixels),
          classPixels: quality.classPixels.map(Number),
          wrongPixels: quality.wrongPixels === undefined ? null : Number(quality.wrongPixels),
          overlap,
        }
      : null,
  };
}

function reportFull(full: ReportCampaign, campaigns: readonly ReportCampaign[]): ReportFull | null {
  const last = full.cycles.at(-1);
  if (!last) return null;
  const reached = campaigns.map(({ name, cycles }) => {
    const first = (share: number) => cycles.find(({ miou }) => miou >= share * last.miou)?.labelled.fraction ?? null;
    return [name, { p90: first(0.9), p95: first(0.95) }] as const;
  });
  return { miou: last.miou, iou: last.iou, campaignId: full.id, reached: Object.fromEntries(reached) };
}
