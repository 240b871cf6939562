// Learning rates by optimizer step.
import { LearningRateSchedule } from '../../proto/gen/cpral/v1/resources.ts';
import { invalid } from '../shared/errors.ts';

/** The paper: 1e-3 -> 1e-4 at epoch 35 of 50. */
const STEP_AT = 0.7;
const STEP_FACTOR = 0.1;
/** Share of the steps in which the one-cycle rate rises. */
const WARM_UP = 0.2;
/** What the one-cycle rate starts from, as a share of its peak. */
const WARM_UP_START = 0.05;

/**
 * @param step from 0
 * @param steps in all
 * @param peak the configured learning rate
 */
export function learningRate(
  schedule: LearningRateSchedule,
  { step, steps, peak }: { readonly step: number; readonly steps: number; readonly peak: number },
): number {
  const progress = step / steps;
  switch (schedule) {
    case LearningRateSchedule.LEARNING_RATE_SCHEDULE_STEP:
      return progress < STEP_AT ? peak : peak * STEP_FACTOR;
    case LearningRateSchedule.LEARNING_RATE_SCHEDULE_ONE_CYCLE:
      return peak * oneCycle(progress);
    default:
      throw invalid(`training.schedule: expected a learning-rate schedule, got ${schedule}`, {
        field: 'training.schedule',
      });
  }
}

function oneCycle(progress: number): number {
  if (progress < WARM_UP) return WARM_UP_START + (1 - WARM_UP_START) * (progress / WARM_UP);
  return (1 + Math.cos((Math.PI * (progress - WARM_UP)) / (1 - WARM_UP))) / 2;
}
