// Every field of what workers are asked to compute, and of a campaign's configuration, at the edges of its type: refused with a reason, or right, and
// never a crash.
import { create, type DescMethod, fromBinary, type Message } from '@bufbuild/protobuf';
import { reflect } from '@bufbuild/protobuf/reflect';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLabelExtender } from '../../services/label-extender/service.ts';
import { createOracle } from '../../services/oracle/service.ts';
import { createPanopticScorer } from '../../services/panoptic-scorer/service.ts';
import { createRegionSelector } from '../../services/region-selector/service.ts';
import type { Compute } from '../../services/shared/compute/compute.ts';
import { localCompute } from '../../services/shared/compute/local-compute.ts';
import { type RunningServer, startServer } from '../../services/shared/grpc/server.ts';
import { createTrainer } from '../../services/trainer/service.ts';
import { startTestRegistry, type TestRegistry } from '../support/registry.ts';
import { silent } from '../support/silent.ts';
import { createCampaign, importDataset, tinyDataset } from '../support/tiny-dataset.ts';
import { baseRequests } from './support/base-requests.ts';
import { edgesOf } from './support/edges.ts';
import { ownServices, type RawCalls, rawCalls } from './support/raw-calls.ts';

const WORKERS = [createOracle, createPanopticScorer, createRegionSelector, createTrainer, createLabelExtender];
const DEADLINE_MS = 10_000;
/** Fields that the base request leaves without a meaning: what they hold is not looked at. */
const NOT_LOOKED_AT = [
  // Colours are compared, not the features of a model.
  /^ExtendLabels spec\.model\./,
];
/** What a caller may be told: everything else means that something broke. */
const REFUSALS = new Set([
  'OK',
  'INVALID_ARGUMENT',
  'NOT_FOUND',
  'FAILED_PRECONDITION',
  'OUT_OF_RANGE',
  'RESOURCE_EXHAUSTED',
  'ALREADY_EXISTS',
  'ABORTED',
  'DEADLINE_EXCEEDED',
]);

let test: TestRegistry;
let compute: Compute;
let workers: RunningServer;
let registry: RawCalls;
let worker: RawCalls;
let bases: ReadonlyMap<string, Uint8Array>;
let ids: Readonly<Record<string, string>>;

beforeAll(async () => {
  test = await startTestRegistry();
  const { datasetId } = await importDataset(test.registry, tinyDataset());
  const campaignId = await createCampaign(test.registry, datasetId, {});
  ids = { dataset_id: datasetId, campaign_id: campaignId };
  compute = localCompute(test.objects);
  workers = await startServer(
    '127.0.0.1:0',
    WORKERS.map((start) => start({ compute, log: silent }).grpc),
  );
  registry = rawCalls(test.address);
  worker = rawCalls(workers.address);
  bases = await baseRequests(test.objects, datasetId);
});
afterAll(async () => {
  registry.close();
  worker.close();
  await workers.close();
  // Of calls whose deadline passed, too.
  await compute.close();
  await test.close();
});

const SERVED_BY_WORKERS = new Set(['Oracle', 'PanopticScorer', 'RegionSelector', 'Trainer', 'LabelExtender']);
/** The registry's other methods are asked in pool-registry/edges.test.ts. */
const methods = ownServices()
  .flatMap((service) => service.methods)
  .filter(({ name, parent }) => SERVED_BY_WORKERS.has(parent.name) || name === 'CreateCampaign');

function baseOf(method: DescMethod): Message {
  const bytes = bases.get(method.name);
  if (bytes) return fromBinary(method.input, bytes);
  const message = create(method.input);
  const view = reflect(method.input, message);
  for (const field of method.input.fields) if (ids[field.name] !== undefined) view.set(field, ids[field.name]!);
  return message;
}

describe('every field at its edges', () => {
  it.each(methods.map((method) => [`${method.parent.name}.${method.name}`, method] as const))(
    '%s',
    { timeout: 300_000 },
    async (_, method) => {
      const { send } = SERVED_BY_WORKERS.has(method.parent.name) ? worker : registry;
      const broken: string[] = [];
      for (const { path, what, isAbsurd, bytes } of edgesOf(method.input, baseOf(method))) {
        const { code, message } = await send(method, [bytes], DEADLINE_MS);
        const line = JSON.stringify(`${method.name} ${path} = ${what}: ${code} ${message}`).slice(1, 300);
        const isIgnored = NOT_LOOKED_AT.some((field) => field.test(`${method.name} ${path}`));
        if (!REFUSALS.has(code) || (isAbsurd && code === 'OK' && !isIgnored)) broken.push(line);
      }
      expect(broken).toEqual([]);
    },
  );
});
