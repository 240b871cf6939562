// The oracle: a simulated annotator, for programs and for campaigns.
import { type AnnotateResult, type AnnotateSpec, OracleService } from '../../proto/gen/cpral/v1/oracle.ts';
import type { Computed, ComputeOptions } from '../shared/compute/compute.ts';
import { assert, invalid } from '../shared/errors.ts';
import { unary } from '../shared/grpc/handlers.ts';
import { grpcService } from '../shared/grpc/server.ts';
import type { WorkerContext, WorkerService } from '../shared/worker/worker-service.ts';

const MODULE = new URL('./annotate.ts', import.meta.url);

export function createOracle({ compute, log }: WorkerContext): WorkerService {
  const run = (spec: AnnotateSpec, options: ComputeOptions): Promise<Computed<AnnotateResult>> =>
    compute.run(MODULE, spec, options);

  return {
    name: 'oracle',
    kind: 'annotate',
    async handler({ spec }, options) {
      assert(spec?.spec?.$case === 'annotate', 'the annotate queue holds its own work');
      const { result, seconds } = await run(spec.spec.value, options);
      return { result: { result: { $case: 'annotate', value: result } }, seconds };
    },
    grpc: grpcService(OracleService, {
      annotate: unary(log, async ({ spec }, { signal }) => {
        if (!spec) throw invalid('spec: expected a specification, got none', { field: 'spec' });
        return { result: (await run(spec, { signal })).result };
      }),
    }),
  };
}
