// How long a planned campaign may take, from the time of one image. Pure.
//
//   training    steps * batch * 3 f           a backward pass costs about two forward ones
//   validation  images * f
//   rating      images * f, or images * (f + m v) by MC dropout
//   VAAL        images * f where ranks are the model's, and steps * t
//   regions     images * (f + m v), or none where they are random or whole images
//
//   f  seconds of a forward pass of one image      v  of a stochastic one behind the first dropout      m  passes
//   t  seconds of a step of VAAL's networks
//
// Left out is what is small beside these: reading images, annotation, extension, the database.
import {
  type CampaignConfig,
  PanopticScore,
  RegionalScore,
  type Strategy,
} from '../../../proto/gen/cpral/v1/resources.ts';
import type { PlannedCycle, Span } from './plan-cycles.ts';

export interface ImageSeconds {
  readonly forward: number;
  readonly stochasticPass: number;
  /** Of VAAL's networks; 0 where none are trained. */
  readonly samplerStep: number;
}

export interface EstimatedSeconds {
  readonly training: Span;
  /** Without the training of a sampler. */
  readonly selection: number;
  readonly sampler: Span;
}

const FORWARDS_PER_TRAINED_IMAGE = 3;

export function estimateSeconds(
  cycles: readonly PlannedCycle[],
  { config, strategy, valImages }: { config: CampaignConfig; strategy: Strategy; valImages: number },
  { forward, stochasticPass, samplerStep }: ImageSeconds,
): EstimatedSeconds {
  const { batchSize } = config.training!;
  const train = (steps: number) => steps * batchSize * FORWARDS_PER_TRAINED_IMAGE * forward + valImages * forward;
  const voted = forward + config.passes * stochasticPass;
  const perRated = secondsOfRating(strategy, { forward, voted });
  const perSearched = votesOnRegions(strategy) ? voted : 0;
  const sum = (of: (cycle: PlannedCycle) => number) => cycles.reduce((total, cycle) => total + of(cycle), 0);
  return {
    training: {
      least: sum(({ trainingSteps }) => train(trainingSteps.least)),
      most: sum(({ trainingSteps }) => train(trainingSteps.most)),
    },
    selection: sum(({ acquisition }) =>
      acquisition ? acquisition.ratedImages * perRated + acquisition.subsetImages * perSearched : 0,
    ),
    sampler: {
      least: sum(({ acquisition }) => (acquisition?.samplerSteps?.least ?? 0) * samplerStep),
      most: sum(({ acquisition }) => (acquisition?.samplerSteps?.most ?? 0) * samplerStep),
    },
  };
}

function secondsOfRating({ panoptic }: Strategy, { forward, voted }: { forward: number; voted: number }): number {
  if (panoptic === PanopticScore.PANOPTIC_SCORE_MC_DROPOUT) return voted;
  return panoptic === PanopticScore.PANOPTIC_SCORE_VAAL ? 0 : forward;
}

function votesOnRegions({ regional }: Strategy): boolean {
  return regional === RegionalScore.REGIONAL_SCORE_GAUSSIAN || regional === RegionalScore.REGIONAL_SCORE_WINDOW_SUM;
}
