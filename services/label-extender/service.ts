// The label extender: region labels spread to similar context, for programs and for campaigns.
import {
  type ExtendLabelsResult,
  type ExtendLabelsSpec,
  LabelExtenderService,
} from '../../proto/gen/cpral/v1/label_extender.ts';
import type { Computed, ComputeOptions } from '../shared/compute/compute.ts';
import { assert, invalid } from '../shared/errors.ts';
import { unary } from '../shared/grpc/handlers.ts';
import { grpcService } from '../shared/grpc/server.ts';
import type { WorkerContext, WorkerService } from '../shared/worker/worker-service.ts';

const MODULE = new URL('./extend-labels.ts', import.meta.url);

export function createLabelExtender({ compute, log }: WorkerContext): WorkerService {
  const run = (spec: ExtendLabelsSpec, options: ComputeOptions): Promise<Computed<ExtendLabelsResult>> =>
    compute.run(MODULE, spec, options);

  return {
    name: 'label-extender',
    kind: 'extend_labels',
    usesTensorFlow: true,
    async handler({ spec }, options) {
      assert(spec?.spec?.$case === 'extendLabels', 'the extend_labels queue holds its own work');
      const { result, seconds } = await run(spec.spec.value, options);
      return { result: { result: { $case: 'extendLabels', value: result } }, seconds };
    },
    grpc: grpcService(LabelExtenderService, {
      extendLabels: unary(log, async ({ spec }, { signal }) => {
        if (!spec) throw invalid('spec: expected a specification, got none', { field: 'spec' });
        return { result: (await run(spec, { signal })).result };
      }),
    }),
  };
}
