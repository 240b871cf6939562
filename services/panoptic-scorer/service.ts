// The panoptic scorer: ratings of whole images, for programs and for campaigns.
import {
  type MeasurePicksResult,
  type MeasurePicksSpec,
  PanopticScorerService,
  type RateResult,
  type RateSpec,
  type SelectCentresResult,
  type SelectCentresSpec,
  type TrainSamplerRequest,
  type TrainSamplerResult,
} from '../../proto/gen/cpral/v1/panoptic_scorer.ts';
import type { Computed, ComputeOptions } from '../shared/compute/compute.ts';
import { assert, invalid } from '../shared/errors.ts';
import { unary } from '../shared/grpc/handlers.ts';
import { grpcService } from '../shared/grpc/server.ts';
import type { WorkerContext, WorkerService } from '../shared/worker/worker-service.ts';

const RATE = new URL('./rate.ts', import.meta.url);
const MEASURE_PICKS = new URL('./measure-picks.ts', import.meta.url);
const SELECT_CENTRES = new URL('./select-centres.ts', import.meta.url);
const TRAIN_SAMPLER = new URL('./train-sampler.ts', import.meta.url);

export function createPanopticScorer({ compute, log }: WorkerContext): WorkerService {
  const rate = (spec: RateSpec, options: ComputeOptions): Promise<Computed<RateResult>> =>
    compute.run(RATE, spec, options);
  const selectCentres = (spec: SelectCentresSpec, options: ComputeOptions): Promise<Computed<SelectCentresResult>> =>
    compute.run(SELECT_CENTRES, spec, options);
  const trainSampler = (request: TrainSamplerRequest, options: ComputeOptions): Promise<Computed<TrainSamplerResult>> =>
    compute.run(TRAIN_SAMPLER, request, options);
  const measurePicks = (spec: MeasurePicksSpec, options: ComputeOptions): Promise<Computed<MeasurePicksResult>> =>
    compute.run(MEASURE_PICKS, spec, options);

  return {
    name: 'panoptic-scorer',
    kind: 'rate',
    usesTensorFlow: true,
    async handler({ spec, checkpoint }, options) {
      if (spec?.spec?.$case === 'selectCentres') {
        const { result, seconds } = await selectCentres(spec.spec.value, options);
        return { result: { result: { $case: 'selectCentres', value: result } }, seconds };
      }
      if (spec?.spec?.$case === 'trainSampler') {
        const { result, seconds } = await trainSampler({ spec: spec.spec.value, checkpoint }, options);
        return { result: { result: { $case: 'trainSampler', value: result } }, seconds };
      }
      if (spec?.spec?.$case === 'measurePicks') {
        const { result, seconds } = await measurePicks(spec.spec.value, options);
        return { result: { result: { $case: 'measurePicks', value: result } }, seconds };
      }
      assert(spec?.spec?.$case === 'rate', 'the rate queue holds its own work');
      const { result, seconds } = await rate(spec.spec.value, options);
      return { result: { result: { $case: 'rate', value: result } }, seconds };
    },
    grpc: grpcService(PanopticScorerService, {
      rate: unary(log, async ({ spec }, { signal }) => {
        return { result: (await rate(required(spec), { signal })).result };
      }),
      measurePicks: unary(log, async ({ spec }, { signal }) => {
        return { result: (await measurePicks(required(spec), { signal })).result };
      }),
      selectCentres: unary(log, async ({ spec }, { signal }) => {
        return { result: (await selectCentres(required(spec), { signal })).result };
      }),
      trainSampler: unary(log, async ({ spec, checkpoint }, { signal }) => {
        return { result: (await trainSampler({ spec: required(spec), checkpoint }, { signal })).result };
      }),
    }),
  };
}

function required<T>(spec: T | undefined): T {
  if (!spec) throw invalid('spec: expected a specification, got none', { field: 'spec' });
  return spec;
}
