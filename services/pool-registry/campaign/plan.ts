// A configuration checked, with its defaults filled in, and what it will cost.
import type { CampaignPlan } from '../../../proto/gen/cpral/v1/pool_registry.ts';
import {
  AnnotationConfig,
  Annotator,
  CampaignConfig,
  ClassWeighting,
  DropoutPlacement,
  type ExtensionConfig,
  ExtensionFeatures,
  ExtensionMethod,
  LearningRateSchedule,
  type LossPredictionConfig,
  NoiseUnit,
  PanopticScore,
  Precision,
  RankingLoss,
  type Strategy,
  type TrainingConfig,
} from '../../../proto/gen/cpral/v1/resources.ts';
import { type BudgetPlan, maxWindows, planBudget } from '../../shared/budget.ts';
import { invalid } from '../../shared/errors.ts';
import { checkNetwork } from '../../shared/model/check-network.ts';
import { namedConvention } from '../../shared/model/encoder-convention.ts';
import { findsByVotes, labelsWholeImages, ratesByVotes, strategyNamed } from './strategies.ts';

const MAX_SIDE_PX = 4096;
const MAX_PASSES = 1000;
const MAX_STEPS = 10_000_000;
/** 1 is as epochs grow; steps that grow faster than the labels would only repeat them. */
const MAX_STEP_GROWTH = 1;
const MAX_BATCH = 256;
const MAX_HEAD_NUMBER = 1000;
const DEFAULT_LEASE_SECONDS = 900;
const MAX_LEASE_SECONDS = 86_400;
/** Single pixels are regions too; a database and an annotator are asked about so many at most. */
const MAX_REGIONS_PER_CYCLE = 1_000_000;

export interface PlannedCampaign {
  readonly config: CampaignConfig;
  readonly plan: CampaignPlan;
  readonly strategy: Strategy;
}

/** @throws INVALID_ARGUMENT naming the field, with what was expected and what arrived */
export function planCampaign(requested: CampaignConfig | undefined, poolImages: number): PlannedCampaign {
  if (!requested) throw invalid('config: expected a configuration, got none', { field: 'config' });
  checkNumbers(requested);
  const training = checkTraining(requested.training);
  const { cycles, initialImages, budgetImages, subsetImages, regionSizePx, size } = requested;
  const strategy = strategyNamed(requested.strategy);
  const wholeImages = labelsWholeImages(strategy);
  const budget = planBudget({
    initialImages,
    cycles,
    budgetImages,
    subsetImages,
    regionSizePx,
    size: size ?? { height: 0, width: 0 },
    poolImages,
    wholeImages,
  });
  if (budget.regionsPerCycle > MAX_REGIONS_PER_CYCLE) {
    const limit = `at most ${MAX_REGIONS_PER_CYCLE} regions of ${budget.regionSizePx}x${budget.regionSizePx} pixels a cycle`;
    throw invalid(`config.budget_images: expected ${limit}, got ${budget.regionsPerCycle}`, {
      field: 'config.budget_images',
    });
  }
  if (!wholeImages && cycles > 1) {
    const left = poolImages - initialImages;
    const searched = strategy.panoptic === PanopticScore.PANOPTIC_SCORE_ALL ? left : budget.subsetImages;
    checkSpacing(requested, budget, searched);
  }
  if (cycles > 1 && (ratesByVotes(strategy) || findsByVotes(strategy))) checkVotes(requested, training);
  const asked = checkExtension(requested.extension);
  const extension = strategy.extensionConfig ? checkExtension(strategy.extensionConfig) : asked;
  const { annotator, annotation } = checkAnnotator(requested);
  const noiseUnit = requested.noiseUnit || NoiseUnit.NOISE_UNIT_SEGMENT;
  const { subsetImages: subset, regionSizePx: side } = budget;
  const config = {
    ...requested,
    training,
    extension,
    noiseUnit,
    annotator,
    annotation,
    subsetImages: subset,
    regionSizePx: side,
  };
  return { config: CampaignConfig.fromPartial(config), plan: toPlan(budget, wholeImages), strategy };
}

/** What no worker would do is refused before any work is. */
function checkVotes({ passes, strategy }: CampaignConfig, { network }: TrainingConfig): void {
  between('config.passes', passes, 2, MAX_PASSES);
  if (network!.dropout > 0) return;
  const field = 'config.training.network.dropout';
  throw invalid(`${field}: expected a rate above 0, as "${strategy}" asks where passes differ, got 0`, { field });
}

/** Regions so far apart that the images cannot hold the budget would leave it unspent, without a word. */
function checkSpacing({ size, regionSpacingPx }: CampaignConfig, budget: BudgetPlan, images: number): void {
  const room = images * maxWindows(size!, budget.regionSizePx, regionSpacingPx);
  if (room >= budget.regionsPerCycle) return;
  const expected = `room for ${budget.regionsPerCycle} regions in ${images} images`;
  throw invalid(
    `config.region_spacing_px: expected ${expected}, got room for at most ${room} with ${regionSpacingPx}`,
    {
      field: 'config.region_spacing_px',
    },
  );
}

/** Whole images have no region size, and the subset is what is labelled. */
function toPlan(budget: BudgetPlan, wholeImages: boolean): CampaignPlan {
  const plan = { ...budget, pixelsPerCycle: BigInt(budget.pixelsPerCycle) };
  return wholeImages ? { ...plan, regionSizePx: 0, subsetImages: budget.regionsPerCycle } : plan;
}

function checkNumbers({
  size,
  passes,
  sigma,
  oracleNoise,
  noiseUnit,
  regionSpacingPx,
  training,
}: CampaignConfig): void {
  between('config.size.height', size?.height, 1, MAX_SIDE_PX);
  between('config.size.width', size?.width, 1, MAX_SIDE_PX);
  between('config.passes', passes, 1, MAX_PASSES);
  between('config.sigma', sigma, Number.MIN_VALUE, 1000);
  between('config.oracle_noise', oracleNoise, 0, 1);
  oneOf('config.noise_unit', noiseUnit, NoiseUnit);
  between('config.region_spacing_px', regionSpacingPx, 0, MAX_SIDE_PX);
  between('config.training.batch_size', training?.batchSize, 2, MAX_BATCH);
  if (training && training.batchSize % 2 !== 0) {
    throw invalid(`config.training.batch_size: expected an even number, got ${training.batchSize}`, {
      field: 'config.training.batch_size',
    });
  }
  between('config.training.steps', training?.steps, 0, MAX_STEPS);
  between('config.training.epochs', training?.epochs, training?.steps === 0 ? 1 : 0, MAX_STEPS);
  between('config.training.step_growth', training?.stepGrowth, 0, MAX_STEP_GROWTH);
  if (training && training.stepGrowth > 0 && training.steps === 0) {
    throw invalid('config.training.step_growth: expected steps beside it, as epochs grow by themselves, got none', {
      field: 'config.training.step_growth',
    });
  }
  between('config.training.learning_rate', training?.learningRate, Number.MIN_VALUE, 1000);
  between('config.training.momentum', training?.momentum, 0, 1);
  between('config.training.weight_decay', training?.weightDecay, 0, 1);
  namesOne('config.training.schedule', training?.schedule, LearningRateSchedule);
  namesOne('config.training.class_weighting', training?.classWeighting, ClassWeighting);
}

function checkExtension(extension: ExtensionConfig | undefined): ExtensionConfig | undefined {
  if (!extension) return undefined;
  const method = extension.method || ExtensionMethod.EXTENSION_METHOD_CONTEXT;
  oneOf('config.extension.method', method, ExtensionMethod);
  between('config.extension.stride_px', extension.stridePx, 1, MAX_SIDE_PX);
  between('config.extension.scale', extension.scale, Number.MIN_VALUE, 1000);
  between('config.extension.min_confidence', extension.minConfidence, 0, 1);
  between('config.extension.max_distance_px', extension.maxDistancePx, 0, MAX_SIDE_PX);
  const features = extension.features || ExtensionFeatures.EXTENSION_FEATURES_RGB;
  oneOf('config.extension.features', features, ExtensionFeatures);
  return { ...extension, features, method };
}

/** A simulated annotator is written by leaving it out, and how people work only where they do: campaigns of before stay equal. */
function checkAnnotator({
  annotator,
  annotation,
  oracleNoise,
}: CampaignConfig): Pick<CampaignConfig, 'annotator' | 'annotation'> {
  oneOf('config.annotator', annotator, Annotator);
  const asked = annotation ?? AnnotationConfig.fromPartial({});
  between('config.annotation.second_opinion_share', asked.secondOpinionShare, 0, 1);
  between('config.annotation.gold_share', asked.goldShare, 0, 1);
  between('config.annotation.lease_seconds', asked.leaseSeconds, 0, MAX_LEASE_SECONDS);
  if (annotator !== Annotator.ANNOTATOR_PEOPLE) {
    return { annotator: Annotator.ANNOTATOR_UNSPECIFIED, annotation: undefined };
  }
  if (oracleNoise > 0) {
    throw invalid(`config.oracle_noise: expected 0 where people answer, got ${oracleNoise}`, {
      field: 'config.oracle_noise',
    });
  }
  return { annotator, annotation: { ...asked, leaseSeconds: asked.leaseSeconds || DEFAULT_LEASE_SECONDS } };
}

/** Equal trainings are written alike, so that equal work is done once. */
function checkTraining(training: TrainingConfig | undefined): TrainingConfig {
  if (!training) throw invalid('config.training: expected a configuration, got none', { field: 'config.training' });
  const network = checkNetwork(training.network, 'config.training.network');
  const precision = network.precision || Precision.PRECISION_FLOAT32;
  const dropoutPlacement = network.dropoutPlacement || DropoutPlacement.DROPOUT_PLACEMENT_ENCODER;
  const encoderConvention = namedConvention(network);
  const lossPrediction = training.lossPrediction && checkLossPrediction(training.lossPrediction);
  return { ...training, network: { ...network, precision, dropoutPlacement, encoderConvention }, lossPrediction };
}

function checkLossPrediction({ ranking, ...head }: LossPredictionConfig): LossPredictionConfig {
  between('config.training.loss_prediction.margin', head.margin, 0, MAX_HEAD_NUMBER);
  between('config.training.loss_prediction.weight', head.weight, 0, MAX_HEAD_NUMBER);
  between('config.training.loss_prediction.detach_after', head.detachAfter, 0, 1);
  oneOf('config.training.loss_prediction.ranking', ranking ?? RankingLoss.RANKING_LOSS_UNSPECIFIED, RankingLoss);
  // The hinge is written by leaving it out.
  return ranking === RankingLoss.RANKING_LOSS_CROSS_ENTROPY ? { ...head, ranking } : head;
}

function oneOf(field: string, value: number, values: Readonly<Record<string, number>>): void {
  if (value >= 0 && Object.values(values).includes(value)) return;
  throw invalid(`${field}: expected one of ${Object.keys(values).join(', ')}, got ${value}`, { field });
}

/** As `oneOf`, where 0 stands for nothing said. */
function namesOne(field: string, value: number | undefined, values: Readonly<Record<string, number>>): void {
  if (!value) throw invalid(`${field}: expected one of ${Object.keys(values).join(', ')}, got nothing`, { field });
  oneOf(field, value, values);
}

function between(field: string, value: number | undefined, least: number, most: number): void {
  // Written so that NaN fails too.
  if (value !== undefined && value >= least && value <= most) return;
  throw invalid(`${field}: expected ${least} to ${most}, got ${value ?? 'nothing'}`, { field });
}
