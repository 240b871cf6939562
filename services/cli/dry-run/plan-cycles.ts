// What a campaign will do, cycle by cycle, in numbers that are known before it runs. Pure.
import {
  type CampaignConfig,
  PanopticScore,
  RegionalScore,
  type Strategy,
} from '../../../proto/gen/cpral/v1/resources.ts';
import { planBudget } from '../../shared/budget.ts';
import { grownTraining } from '../../shared/step-growth.ts';

/** Regions decide while a campaign runs how many images they touch: as many as the budget fills, or the whole subset each time. */
export interface Span {
  readonly least: number;
  readonly most: number;
}

export interface PlannedCycle {
  /** From 0. */
  readonly cycle: number;
  readonly labelledPixels: number;
  /** Of the pool's pixels. */
  readonly fraction: number;
  readonly images: Span;
  readonly trainingSteps: Span;
  /** undefined after the last training. */
  readonly acquisition: PlannedAcquisition | undefined;
}

export interface PlannedAcquisition {
  /** Images that a model rates; 0 where ratings need none. */
  readonly ratedImages: number;
  /** Steps of VAAL's networks: as many as the cycle's training has. undefined for other strategies. */
  readonly samplerSteps: Span | undefined;
  readonly subsetImages: number;
  /** Regions, or whole images. */
  readonly regions: number;
  /** Side of a region; 0 for whole images. */
  readonly regionSizePx: number;
  readonly pixels: number;
}

/** @throws INVALID_ARGUMENT where the budget does not fit the pool */
export function planCycles(config: CampaignConfig, strategy: Strategy, poolImages: number): PlannedCycle[] {
  const size = config.size!;
  const wholeImages = strategy.regional === RegionalScore.REGIONAL_SCORE_WHOLE_IMAGE;
  const { initialImages, cycles, budgetImages, subsetImages, regionSizePx } = config;
  const plan = planBudget({
    size,
    initialImages,
    cycles,
    budgetImages,
    subsetImages,
    regionSizePx,
    poolImages,
    wholeImages,
  });
  const imagePixels = size.height * size.width;
  return Array.from({ length: cycles }, (_, cycle) => {
    const labelledPixels = initialImages * imagePixels + cycle * plan.pixelsPerCycle;
    const most = wholeImages ? budgetImages : subsetOf(strategy, plan.subsetImages, poolImages - initialImages);
    const images = {
      least: Math.ceil(labelledPixels / imagePixels),
      most: Math.min(poolImages, initialImages + cycle * most),
    };
    const steps = {
      least: trainingSteps(config, images.least, labelledPixels),
      most: trainingSteps(config, images.most, labelledPixels),
    };
    const labelledWhole = wholeImages ? images.least : initialImages;
    return {
      cycle,
      labelledPixels,
      fraction: labelledPixels / (poolImages * imagePixels),
      images,
      trainingSteps: steps,
      acquisition:
        cycle + 1 === cycles
          ? undefined
          : {
              ratedImages: ratesWithModel(strategy) ? poolImages - labelledWhole : 0,
              samplerSteps: trainsSampler(strategy) ? steps : undefined,
              subsetImages: wholeImages
                ? budgetImages
                : subsetOf(strategy, plan.subsetImages, poolImages - initialImages),
              regions: plan.regionsPerCycle,
              regionSizePx: wholeImages ? 0 : plan.regionSizePx,
              pixels: plan.pixelsPerCycle,
            },
    };
  });
}

/** By networks of its own, on all images (VAAL). */
export function trainsSampler({ panoptic }: Strategy): boolean {
  return panoptic === PanopticScore.PANOPTIC_SCORE_VAAL || panoptic === PanopticScore.PANOPTIC_SCORE_TA_VAAL;
}

function subsetOf({ panoptic }: Strategy, subsetImages: number, eligible: number): number {
  return panoptic === PanopticScore.PANOPTIC_SCORE_ALL ? eligible : subsetImages;
}

function ratesWithModel({ panoptic }: Strategy): boolean {
  return panoptic !== PanopticScore.PANOPTIC_SCORE_ALL && panoptic !== PanopticScore.PANOPTIC_SCORE_RANDOM;
}

function trainingSteps(
  { training, initialImages, size }: CampaignConfig,
  images: number,
  labelledPixels: number,
): number {
  const initialPixels = initialImages * size!.height * size!.width;
  const { steps, epochs, batchSize } = grownTraining(training!, { labelledPixels, initialPixels });
  return steps > 0 ? steps : Math.ceil((epochs * images) / batchSize);
}
