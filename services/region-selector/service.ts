// The region selector: candidate regions of images, for programs and for campaigns.
import {
  type FindRegionsResult,
  type FindRegionsSpec,
  RegionSelectorService,
} from '../../proto/gen/cpral/v1/region_selector.ts';
import type { Computed, ComputeOptions } from '../shared/compute/compute.ts';
import { assert, invalid } from '../shared/errors.ts';
import { unary } from '../shared/grpc/handlers.ts';
import { grpcService } from '../shared/grpc/server.ts';
import type { WorkerContext, WorkerService } from '../shared/worker/worker-service.ts';

const MODULE = new URL('./find-regions.ts', import.meta.url);

export function createRegionSelector({ compute, log }: WorkerContext): WorkerService {
  const run = (spec: FindRegionsSpec, options: ComputeOptions): Promise<Computed<FindRegionsResult>> =>
    compute.run(MODULE, spec, options);

  return {
    name: 'region-selector',
    kind: 'find_regions',
    usesTensorFlow: true,
    async handler({ spec }, options) {
      assert(spec?.spec?.$case === 'findRegions', 'the find_regions queue holds its own work');
      const { result, seconds } = await run(spec.spec.value, options);
      return { result: { result: { $case: 'findRegions', value: result } }, seconds };
    },
    grpc: grpcService(RegionSelectorService, {
      findRegions: unary(log, async ({ spec }, { signal }) => {
        if (!spec) throw invalid('spec: expected a specification, got none', { field: 'spec' });
        return { result: (await run(spec, { signal })).result };
      }),
    }),
  };
}
