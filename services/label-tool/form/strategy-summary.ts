// What a strategy does, in a sentence. Pure.
import { PanopticScore, RegionalScore, type Strategy } from '../../../proto/gen/cpral/v1/resources.ts';

const PANOPTIC: Readonly<Record<number, string>> = {
  [PanopticScore.PANOPTIC_SCORE_LOSS_PREDICTION]: 'images for which the model predicts the highest loss',
  [PanopticScore.PANOPTIC_SCORE_RANDOM]: 'random images',
  [PanopticScore.PANOPTIC_SCORE_ALL]: 'all images',
  [PanopticScore.PANOPTIC_SCORE_ENTROPY]: 'images with the highest softmax entropy',
  [PanopticScore.PANOPTIC_SCORE_CONFIDENCE]: 'images with the least confidence',
  [PanopticScore.PANOPTIC_SCORE_MARGIN]: 'images whose two likeliest classes are closest',
  [PanopticScore.PANOPTIC_SCORE_MC_DROPOUT]: 'images on which stochastic passes disagree most',
  [PanopticScore.PANOPTIC_SCORE_CORE_SET]: 'images that are furthest from all labelled ones',
  [PanopticScore.PANOPTIC_SCORE_VAAL]: 'images that a discriminator finds least like the labelled ones',
  [PanopticScore.PANOPTIC_SCORE_TA_VAAL]:
    'images that a discriminator with ranks of their losses finds least like the labelled ones',
};

const REGIONAL: Readonly<Record<number, string>> = {
  [RegionalScore.REGIONAL_SCORE_GAUSSIAN]: 'regions around which stochastic passes disagree most',
  [RegionalScore.REGIONAL_SCORE_WINDOW_SUM]: 'regions in which stochastic passes disagree most',
  [RegionalScore.REGIONAL_SCORE_RANDOM]: 'random regions',
};

export function strategySummary({ panoptic, regional, extension }: Strategy): string {
  const images = PANOPTIC[panoptic] ?? 'images';
  const regions = REGIONAL[regional];
  const what = regions ? `Of ${images}, labels ${regions}` : `Labels ${images}`;
  return `${what}${extension ? '; extends the labels to pixels that look alike' : ''}.`;
}
