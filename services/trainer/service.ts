// The trainer: one training at a time, by stream for programs and by the queue for campaigns.
import {
  TrainerService,
  type TrainRequest,
  type TrainResponse,
  type TrainResult,
} from '../../proto/gen/cpral/v1/trainer.ts';
import type { Computed, ComputeOptions } from '../shared/compute/compute.ts';
import { assert, invalid } from '../shared/errors.ts';
import { serverStream } from '../shared/grpc/handlers.ts';
import { grpcService } from '../shared/grpc/server.ts';
import { pushStream } from '../shared/push-stream.ts';
import type { WorkerContext, WorkerService } from '../shared/worker/worker-service.ts';

const TRAIN = new URL('./train.ts', import.meta.url);

export function createTrainer({ compute, log }: WorkerContext): WorkerService {
  const train = (request: TrainRequest, options: ComputeOptions): Promise<Computed<TrainResult>> =>
    compute.run(TRAIN, request, options);

  return {
    name: 'trainer',
    kind: 'train',
    usesTensorFlow: true,
    async handler({ spec, checkpoint }, options) {
      assert(spec?.spec?.$case === 'train', 'the train queue holds trainings');
      const { result, seconds } = await train({ spec: spec.spec.value, checkpoint }, options);
      return { result: { result: { $case: 'train', value: result } }, seconds };
    },
    grpc: grpcService(TrainerService, {
      train: serverStream<TrainRequest, TrainResponse>(log, (request, { signal }) => {
        if (!request.spec) throw invalid('spec: expected a training, got none', { field: 'spec' });
        return pushStream(async (push) => {
          const onProgress: NonNullable<ComputeOptions['onProgress']> = (value) =>
            push({ update: { $case: 'progress', value } });
          const { result } = await train(request, { signal, onProgress });
          push({ update: { $case: 'result', value: result } });
        });
      }),
    }),
  };
}
