// The trainer as a process, with trainings that are slow enough to be killed on the way and keep every step.
import { assert } from '../../../../services/shared/errors.ts';
import { runWorkerService } from '../../../../services/shared/worker/run-worker-service.ts';
import { readConfig } from '../../../../services/trainer/config.ts';
import { createTrainer } from '../../../../services/trainer/service.ts';

const TRAIN_SLOWLY = new URL('../../../support/functions/train-slowly.ts', import.meta.url);

await runWorkerService('trainer', readConfig(), ({ compute, log }) => ({
  ...createTrainer({ compute, log }),
  async handler({ spec, checkpoint }, options) {
    assert(spec?.spec?.$case === 'train', 'the train queue holds trainings');
    const request = { spec: spec.spec.value, checkpoint };
    const { result, seconds } = await compute.run<typeof request, never>(TRAIN_SLOWLY, request, options);
    return { result: { result: { $case: 'train', value: result } }, seconds };
  },
}));
