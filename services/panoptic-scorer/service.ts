// The panoptic scorer: ratings of whole images, for programs and for campaigns.
import { PanopticScorerService, type RateResult, type RateSpec } from '../../proto/gen/cpral/v1/panoptic_scorer.ts';
import type { Computed, ComputeOptions } from '../shared/compute/compute.ts';
import { assert, invalid } from '../shared/errors.ts';
import { unary } from '../shared/grpc/handlers.ts';
import { grpcService } from '../shared/grpc/server.ts';
import type { WorkerContext, WorkerService } from '../shared/worker/worker-service.ts';

const MODULE = new URL('./rate.ts', import.meta.url);

export function createPanopticScorer({ compute, log }: WorkerContext): WorkerService {
  const run = (spec: RateSpec, options: ComputeOptions): Promise<Computed<RateResult>> =>
    compute.run(MODULE, spec, options);

  return {
    name: 'panoptic-scorer',
    kind: 'rate',
    usesTensorFlow: true,
    async handler({ spec }, options) {
      assert(spec?.spec?.$case === 'rate', 'the rate queue holds its own work');
      const { result, seconds } = await run(spec.spec.value, options);
      return { result: { result: { $case: 'rate', value: result } }, seconds };
    },
    grpc: grpcService(PanopticScorerService, {
      rate: unary(log, async ({ spec }, { signal }) => {
        if (!spec) throw invalid('spec: expected a specification, got none', { field: 'spec' });
        return { result: (await run(spec, { signal })).result };
      }),
    }),
  };
}
