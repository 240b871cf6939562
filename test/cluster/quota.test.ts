// Two hundred campaigns want to train at once. The launcher keeps its limit of Jobs, the scheduler the number of GPUs; whoever runs the
// pods does so by numbers, since the nodes are not there.
import { credentials } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PoolRegistryClient } from '../../proto/gen/cpral/v1/pool_registry.ts';
import { CampaignState } from '../../proto/gen/cpral/v1/resources.ts';
import { WorkQueueClient } from '../../proto/gen/cpral/v1/work.ts';
import { WORK_ITEM } from '../../services/pool-registry/launcher/job-template.ts';
import { grpcService } from '../../services/shared/grpc/server.ts';
import { oneItem } from '../../services/shared/worker/one-item.ts';
import { startWorker } from '../../services/shared/worker/worker.ts';
import { memoryObjectStore } from '../support/memory-object-store.ts';
import { trainByArithmetic } from '../support/registry.ts';
import { silent } from '../support/silent.ts';
import { createCampaign, importDataset, tinyDataset, untilEnded } from '../support/tiny-dataset.ts';
import { type Forwarder, forwardPort } from './support/api.ts';
import { FAKE, type FakeNodes, startFakeNodes } from './support/fake-nodes.ts';
import { type JobCount, watchJobs } from './support/job-count.ts';
import { type Pod, podsOf, until } from './support/kubectl.ts';
import { install, type Release } from './support/release.ts';

const CAMPAIGNS = 200;
const GPUS = 8;
/** More than there are GPUs, so that both limits are met. */
const MAX_JOBS = 12;
const without = { enabled: false };

describe(`the trainings of ${CAMPAIGNS} campaigns`, () => {
  let nodes: FakeNodes;
  let release: Release;
  let jobs: JobCount;
  let door: Forwarder;
  beforeAll(async () => {
    nodes = await startFakeNodes({ count: 2, gpus: GPUS / 2 });
    release = await install('quota', {
      device: 'gpu',
      gpu: { nodeSelector: FAKE },
      training: { mode: 'jobs', maxJobs: MAX_JOBS },
      services: {
        'panoptic-scorer': without,
        'region-selector': without,
        'label-extender': without,
        'label-tool': without,
      },
    });
    jobs = await watchJobs(release.namespace);
    door = await forwardPort(release.namespace, 'deployment/cpral-pool-registry', 4101);
  });
  afterAll(async () => {
    await door?.close();
    await jobs?.close();
    await release?.remove();
    await nodes?.close();
  });

  it('are one Job each, never more than the limit at once, on no more GPUs than there are', async () => {
    const registry = new PoolRegistryClient(door.address, credentials.createInsecure());
    const queue = new WorkQueueClient(door.address, credentials.createInsecure());
    const { datasetId } = await importDataset(registry, tinyDataset());
    const ids: string[] = [];
    for (let seed = 1; seed <= CAMPAIGNS; seed++)
      ids.push(await createCampaign(registry, datasetId, { cycles: 1, seed }));
    const ends = Promise.all(ids.map((id) => untilEnded(registry, id)));
    const waiting = async () => (await podsOf(release.namespace, 'trainer')).filter(isWaiting).length;
    const running = async () => (await nodes.running()).length;
    await until('a pod has every GPU', running, (count) => count === GPUS);
    await until('the other Jobs wait for one', waiting, (count) => count === MAX_JOBS - GPUS);
    let haveEnded = false;
    const played = playPods(nodes, queue, () => haveEnded);
    const states = (await ends).map(({ state }) => state);
    haveEnded = true;
    expect(await played).toBeLessThanOrEqual(GPUS);
    expect(states).toEqual(ids.map(() => CampaignState.CAMPAIGN_STATE_SUCCEEDED));
    expect(jobs.names()).toHaveLength(CAMPAIGNS);
    expect(jobs.mostUnfinished()).toBe(MAX_JOBS);
    for (const client of [registry, queue]) client.close();
  });
});

const isWaiting = ({ spec, status }: Pod) => spec.nodeName === undefined && status.phase === 'Pending';

/** What the pods would do, all that run at once. @returns how many those were at most */
async function playPods(nodes: FakeNodes, queue: WorkQueueClient, isOver: () => boolean): Promise<number> {
  let most = 0;
  while (!isOver()) {
    const running = await nodes.running();
    most = Math.max(most, running.length);
    await Promise.all(running.map((pod) => train(pod, queue).then(() => nodes.complete(pod))));
  }
  return most;
}

async function train(pod: Pod, registry: WorkQueueClient): Promise<void> {
  const objects = memoryObjectStore();
  const one = oneItem(pod.metadata.annotations?.[WORK_ITEM] ?? '', {
    name: 'trainer',
    kind: 'train',
    grpc: grpcService({}, {}),
    handler: (lease) => trainByArithmetic(lease, objects),
  });
  const worker = startWorker({ service: one.service, bus: one.bus, registry, log: silent });
  await one.ended;
  await worker.close();
}
