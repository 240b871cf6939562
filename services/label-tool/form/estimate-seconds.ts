// How long a campaign may compute, by what an equal network took at the same size before:
//
//   training  sum over the cycles of steps_t * batch * s        s  seconds of a trained image, measured
//   rating    acquisitions * images of the pool * r             r  seconds of a rated image, measured
//   regions   acquisitions * images searched * passes * v       v  seconds of a pass over an image, measured
import type { CampaignPlan } from '../../../proto/gen/cpral/v1/pool_registry.ts';
import type { Campaign, CampaignConfig, Cycle, Strategy } from '../../../proto/gen/cpral/v1/resources.ts';
import { grownTraining } from '../../shared/step-growth.ts';
import type { EstimatedSeconds } from '../dashboard-types.ts';

export interface Planned {
  readonly config: CampaignConfig;
  readonly strategy: Pick<Strategy, 'panoptic' | 'regional'>;
  readonly plan: CampaignPlan;
  readonly poolImages: number;
}

/** Whether seconds of one say something about the other. */
export function computesAlike(campaign: Campaign, { config, strategy }: Omit<Planned, 'plan' | 'poolImages'>): boolean {
  const same = (one: CampaignConfig | undefined) => JSON.stringify([one?.size, one?.training?.network]);
  return (
    same(campaign.config) === same(config) &&
    campaign.strategy?.panoptic === strategy.panoptic &&
    campaign.strategy?.regional === strategy.regional
  );
}

/** @param basis a campaign that computes alike, and its cycles @returns undefined where nothing of it was trained */
export function estimateSeconds(
  planned: Planned,
  basis: { readonly campaign: Campaign; readonly cycles: readonly Cycle[]; readonly poolImages: number },
): EstimatedSeconds | undefined {
  const { config, plan, poolImages } = planned;
  const trained = basis.cycles.filter(({ seconds, evaluation }) => evaluation && (seconds?.train ?? 0) > 0);
  const basisConfig = basis.campaign.config;
  if (trained.length === 0 || !basisConfig) return undefined;
  const trainSeconds = sum(trained.map(({ seconds }) => seconds?.train ?? 0));
  const trainedImages = sum(
    trained.map(
      ({ labelled }) =>
        stepsAt(basisConfig, Number(labelled?.pixels ?? 0), Number(labelled?.images ?? 0)) * batchOf(basisConfig),
    ),
  );
  const acquired = basis.cycles.filter(({ quality }) => quality);
  const perAcquisition = (phase: 'rate' | 'select') =>
    acquired.length === 0 ? 0 : sum(acquired.map(({ seconds }) => seconds?.[phase] ?? 0)) / acquired.length;
  const searched = sum(acquired.map(({ subsetImages }) => subsetImages)) / Math.max(1, acquired.length);
  const acquisitions = config.cycles - 1;
  const pixelsOf = (cycle: number) => config.initialImages * imagePixels(config) + cycle * Number(plan.pixelsPerCycle);
  const images = Array.from(
    { length: config.cycles },
    (_, cycle) => stepsAt(config, pixelsOf(cycle), pixelsOf(cycle) / imagePixels(config)) * batchOf(config),
  );
  return {
    train: (sum(images) * trainSeconds) / trainedImages,
    rate: (acquisitions * perAcquisition('rate') * poolImages) / basis.poolImages,
    select:
      searched === 0
        ? 0
        : (acquisitions * perAcquisition('select') * plan.subsetImages * config.passes) /
          (searched * basisConfig.passes),
    basisCampaignId: basis.campaign.campaignId,
  };
}

function stepsAt(config: CampaignConfig, labelledPixels: number, images: number): number {
  const initialPixels = config.initialImages * imagePixels(config);
  const { steps, epochs, batchSize } = grownTraining(config.training!, { labelledPixels, initialPixels });
  return steps > 0 ? steps : Math.ceil((epochs * images) / batchSize);
}

const imagePixels = ({ size }: CampaignConfig) => (size?.height ?? 0) * (size?.width ?? 0);
const batchOf = ({ training }: CampaignConfig) => training?.batchSize ?? 1;
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
