import type { TrainRequest, TrainResult } from '../../../proto/gen/cpral/v1/trainer.ts';
import type { ComputeFunction } from '../../../services/shared/compute/compute.ts';
import { trainModel } from '../../../services/trainer/train.ts';

const STEP_MS = 100;

/** Trains, with a checkpoint after every step, and steps that take as long as those of a network that is worth it. */
const trainSlowly: ComputeFunction<TrainRequest, TrainResult> = (request, context) => {
  const progress: typeof context.progress = (update) => {
    context.progress(update);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, STEP_MS);
  };
  return trainModel(request, { ...context, progress }, { checkpointIntervalMs: 0 });
};
export default trainSlowly;
