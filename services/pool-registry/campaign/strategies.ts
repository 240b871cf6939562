// The strategies: a panoptic part, a regional part and an extension part under the name that the paper's figures use.
import { PanopticScore, RegionalScore, type Strategy } from '../../../proto/gen/cpral/v1/resources.ts';
import { invalid } from '../../shared/errors.ts';

const { PANOPTIC_SCORE_LOSS_PREDICTION, PANOPTIC_SCORE_RANDOM, PANOPTIC_SCORE_ALL } = PanopticScore;
const { REGIONAL_SCORE_GAUSSIAN, REGIONAL_SCORE_WINDOW_SUM, REGIONAL_SCORE_WHOLE_IMAGE, REGIONAL_SCORE_RANDOM } =
  RegionalScore;

export const STRATEGIES: readonly Strategy[] = [
  { name: 'cpral', panoptic: PANOPTIC_SCORE_LOSS_PREDICTION, regional: REGIONAL_SCORE_GAUSSIAN, extension: true },
  {
    name: 'cpral-without-cle',
    panoptic: PANOPTIC_SCORE_LOSS_PREDICTION,
    regional: REGIONAL_SCORE_GAUSSIAN,
    extension: false,
  },
  {
    name: 'cpral-without-rga',
    panoptic: PANOPTIC_SCORE_LOSS_PREDICTION,
    regional: REGIONAL_SCORE_WINDOW_SUM,
    extension: false,
  },
  {
    name: 'loss-prediction',
    panoptic: PANOPTIC_SCORE_LOSS_PREDICTION,
    regional: REGIONAL_SCORE_WHOLE_IMAGE,
    extension: false,
  },
  { name: 'region-only', panoptic: PANOPTIC_SCORE_ALL, regional: REGIONAL_SCORE_GAUSSIAN, extension: true },
  { name: 'random', panoptic: PANOPTIC_SCORE_RANDOM, regional: REGIONAL_SCORE_WHOLE_IMAGE, extension: false },
  { name: 'random-r', panoptic: PANOPTIC_SCORE_ALL, regional: REGIONAL_SCORE_RANDOM, extension: false },
];

/** @throws INVALID_ARGUMENT naming the strategies that there are */
export function strategyNamed(name: string): Strategy {
  const strategy = STRATEGIES.find((entry) => entry.name === name);
  if (strategy) return strategy;
  const names = STRATEGIES.map((entry) => entry.name).join(', ');
  throw invalid(`strategy "${name}": expected one of ${names}`, {
    field: 'config.strategy',
    reason: 'UNKNOWN_STRATEGY',
  });
}

export function labelsWholeImages(strategy: Strategy): boolean {
  return strategy.regional === REGIONAL_SCORE_WHOLE_IMAGE;
}

/** Whether the pool is rated by a model, or by arithmetic in the registry. */
export function ratesWithModel(strategy: Strategy): boolean {
  return strategy.panoptic === PANOPTIC_SCORE_LOSS_PREDICTION;
}
