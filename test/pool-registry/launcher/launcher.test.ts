// A real registry whose trainings are Jobs of an API server that only keeps them. What would be their pods are workers for one item.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CampaignState } from '../../../proto/gen/cpral/v1/resources.ts';
import { WORK_ITEM } from '../../../services/pool-registry/launcher/job-template.ts';
import { jobsApi } from '../../../services/pool-registry/launcher/jobs-api.ts';
import { createLauncher } from '../../../services/pool-registry/launcher/launcher.ts';
import { memoryBus } from '../../../services/shared/bus/memory-bus.ts';
import { call } from '../../../services/shared/grpc/client.ts';
import { grpcService } from '../../../services/shared/grpc/server.ts';
import { oneItem } from '../../../services/shared/worker/one-item.ts';
import { type RunningWorker, startWorker } from '../../../services/shared/worker/worker.ts';
import { JOB_TEMPLATE } from '../../support/job-template.ts';
import { type FakeJob, type FakeKubernetes, startFakeKubernetes } from '../../support/kubernetes-api.ts';
import { startTestRegistry, type TestRegistry } from '../../support/registry.ts';
import { silent } from '../../support/silent.ts';
import { createCampaign, importDataset, tinyDataset, untilEnded } from '../../support/tiny-dataset.ts';

const timeout = 30_000;
const deadlineMs = 10_000;
const MAX_JOBS = 2;
const LOOK_MS = 20;
const { CAMPAIGN_STATE_SUCCEEDED, CAMPAIGN_STATE_CANCELLED } = CampaignState;

let kubernetes: FakeKubernetes;
let test: TestRegistry;
let datasetId: string;
let pods: RunningWorker[];
/** Trainings that somebody asked the queue for. */
let queued: string[];

beforeEach(async () => {
  pods = [];
  queued = [];
  kubernetes = await startFakeKubernetes();
  const bus = memoryBus();
  const { publishWork } = bus;
  bus.publishWork = (kind, message) => {
    if (kind === 'train') queued.push(message.itemId);
    return publishWork(kind, message);
  };
  const parts = { jobs: jobsApi(kubernetes), template: JOB_TEMPLATE, maxJobs: MAX_JOBS, lookIntervalMs: LOOK_MS };
  test = await startTestRegistry({ bus, launcher: createLauncher(parts) });
  ({ datasetId } = await importDataset(test.registry, tinyDataset()));
  test.startWorkers();
});
afterEach(async () => {
  await Promise.all(pods.map((pod) => pod.close()));
  await test.close();
  await kubernetes.close();
});

const unfinished = () => [...kubernetes.jobs.values()].filter(({ status }) => !status?.conditions);

/** Plays the Job's pod to its end. */
async function runPod({ metadata }: FakeJob): Promise<void> {
  const service = {
    name: 'trainer',
    kind: 'train' as const,
    grpc: grpcService({}, {}),
    handler: test.scripted('train'),
  };
  const one = oneItem(metadata.annotations?.[WORK_ITEM] ?? '', service);
  pods.push(startWorker({ service: one.service, bus: one.bus, registry: test.queue, log: silent }));
  await one.ended;
  kubernetes.end(metadata.name, 'Complete');
}

/** Runs the pods of all Jobs, one after the other, until the campaigns have ended. */
async function runPodsUntilEnded(campaignIds: readonly string[]): Promise<CampaignState[]> {
  let ended = false;
  const ends = Promise.all(campaignIds.map((id) => untilEnded(test.registry, id))).finally(() => {
    ended = true;
  });
  while (!ended) {
    const [job] = unfinished();
    if (job) await runPod(job);
    else await sleep(LOOK_MS);
  }
  return (await ends).map(({ state }) => state);
}

describe('trainings as Jobs', () => {
  it('take a campaign to its end, one Job a training, and nothing of them is queued', async () => {
    const campaignId = await createCampaign(test.registry, datasetId, { cycles: 3 });
    expect(await runPodsUntilEnded([campaignId])).toEqual([CAMPAIGN_STATE_SUCCEEDED]);
    const items = [...kubernetes.jobs.values()].map(({ metadata }) => metadata.annotations?.[WORK_ITEM]);
    expect(items.sort()).toEqual(
      [0, 1, 2].map((cycle) => expect.stringMatching(new RegExp(`^${campaignId}/${cycle}/2/`))),
    );
    expect(queued).toEqual([]);
  });

  it('are never more than the limit', async () => {
    let most = 0;
    kubernetes.refuse = () => {
      most = Math.max(most, unfinished().length);
      return undefined;
    };
    const seeds = [1, 2, 3, 4, 5];
    const ids = await Promise.all(seeds.map((seed) => createCampaign(test.registry, datasetId, { cycles: 1, seed })));
    await expect.poll(() => unfinished().length, { timeout }).toBe(MAX_JOBS);
    expect(await runPodsUntilEnded(ids)).toEqual(ids.map(() => CAMPAIGN_STATE_SUCCEEDED));
    expect(kubernetes.jobs.size).toBe(ids.length);
    expect(most).toBe(MAX_JOBS);
  });

  it('that are equal are one Job, also where the second is asked for after the first was done', async () => {
    const create = (strategy: string) => createCampaign(test.registry, datasetId, { cycles: 1, strategy });
    const together = await Promise.all([create('cpral'), create('random')]);
    expect(await runPodsUntilEnded(together)).toEqual([CAMPAIGN_STATE_SUCCEEDED, CAMPAIGN_STATE_SUCCEEDED]);
    expect(await runPodsUntilEnded([await create('entropy')])).toEqual([CAMPAIGN_STATE_SUCCEEDED]);
    expect(kubernetes.jobs.size).toBe(1);
  });

  it('are deleted with their campaign', async () => {
    const campaignId = await createCampaign(test.registry, datasetId, { cycles: 1 });
    await expect.poll(() => unfinished().length, { timeout }).toBe(1);
    const { campaign } = await call(test.registry.getCampaign.bind(test.registry), { campaignId }, { deadlineMs });
    const operationId = campaign?.operationId ?? '';
    await call(test.operations.cancelOperation.bind(test.operations), { operationId }, { deadlineMs });
    await expect.poll(() => kubernetes.jobs.size, { timeout }).toBe(0);
    expect((await untilEnded(test.registry, campaignId)).state).toBe(CAMPAIGN_STATE_CANCELLED);
  });

  it('are made again where one ended without a result, as when its pod was told to stop', async () => {
    const campaignId = await createCampaign(test.registry, datasetId, { cycles: 1 });
    await expect.poll(() => unfinished().length, { timeout }).toBe(1);
    const [first] = unfinished();
    kubernetes.end(first?.metadata.name ?? '', 'Complete');
    expect(await runPodsUntilEnded([campaignId])).toEqual([CAMPAIGN_STATE_SUCCEEDED]);
    expect(kubernetes.requests.filter((request) => request.startsWith('POST'))).toHaveLength(2);
  });

  it('wait while the API refuses or is away, and go on when it does not', async () => {
    const refusals = [
      { status: 403, body: '{"message":"exceeded quota"}' },
      { status: 503, body: '' },
    ];
    kubernetes.refuse = (method) => (method === 'POST' ? refusals.shift() : undefined);
    const campaignId = await createCampaign(test.registry, datasetId, { cycles: 1 });
    expect(await runPodsUntilEnded([campaignId])).toEqual([CAMPAIGN_STATE_SUCCEEDED]);
    expect(refusals).toEqual([]);
  });
});
