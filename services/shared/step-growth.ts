// Trainings that take longer the more is labelled:
//
//   steps_t = round(steps * (n_t / n_0) ^ g)
//
//   n_t  pixels labelled before cycle t      n_0  pixels of the initial images      g  step growth, from 0 to 1
import type { TrainingConfig } from '../../proto/gen/cpral/v1/resources.ts';

/** @returns the training as a worker does it: its steps decided, so that equal trainings are written alike */
export function grownTraining(
  training: TrainingConfig,
  { labelledPixels, initialPixels }: { readonly labelledPixels: number; readonly initialPixels: number },
): TrainingConfig {
  const growth = Math.max(1, labelledPixels / initialPixels) ** training.stepGrowth;
  return { ...training, steps: Math.round(training.steps * growth), stepGrowth: 0 };
}
