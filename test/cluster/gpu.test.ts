// Where pods with GPUs are put, which the scheduler decides without a GPU's driver: nodes that only count them will do.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FAKE, type FakeNodes, startFakeNodes } from './support/fake-nodes.ts';
import { kubectl, type Pod, podsOf, until } from './support/kubectl.ts';
import { install, isGoing, type Release } from './support/release.ts';

const NODES = 2;
const GPUS_PER_NODE = 2;
const GPUS = NODES * GPUS_PER_NODE;

const without = { enabled: false };
const services = (scorers: number, trainers: number) => ({
  'pool-registry': { replicas: 0 },
  trainer: { replicas: trainers },
  'panoptic-scorer': { replicas: scorers },
  'region-selector': without,
  'label-extender': without,
  oracle: without,
  'label-tool': without,
});

describe('pods with GPUs', () => {
  let nodes: FakeNodes;
  let release: Release;
  beforeAll(async () => {
    nodes = await startFakeNodes({ count: NODES, gpus: GPUS_PER_NODE });
    release = await install('gpu', { services: services(0, 0) });
  });
  afterAll(async () => {
    await release?.remove();
    await nodes?.close();
  });

  const pods = async () => (await podsOf(release.namespace)).filter((pod) => !isGoing(pod));
  const isPlaced = ({ spec }: Pod) => spec.nodeName !== undefined;
  const scale = (service: string, replicas: number) =>
    kubectl('scale', `deployment/cpral-${service}`, '--namespace', release.namespace, `--replicas=${replicas}`);

  it('ask for none where the device is the CPU', async () => {
    const text = await kubectl('get', 'deployments', '--namespace', release.namespace, '--output', 'json');
    expect(text).not.toContain('nvidia.com/gpu');
  });

  it('are put on nodes with GPUs alone, no more on each than it has, and one more waits and says why', async () => {
    await release.upgrade({ device: 'gpu', gpu: { nodeSelector: FAKE }, services: services(1, 1) });
    // One pod too many: Helm would wait for it, so the wish is made by hand.
    await scale('panoptic-scorer', GPUS);
    const seen = await until(
      'every GPU has a pod, and one pod has none',
      pods,
      (all) => all.length === GPUS + 1 && all.filter(isPlaced).length === GPUS,
    );
    for (const node of nodes.names)
      expect(seen.filter(({ spec }) => spec.nodeName === node)).toHaveLength(GPUS_PER_NODE);
    const waiting = seen.find((pod) => !isPlaced(pod));
    expect(waiting?.status.conditions?.find(({ type }) => type === 'PodScheduled')).toMatchObject({
      status: 'False',
      reason: 'Unschedulable',
      message: expect.stringContaining('Insufficient nvidia.com/gpu'),
    });
  });

  it('that waited have the GPU of a pod that went', async () => {
    await scale('trainer', 0);
    const seen = await until('the GPU has changed hands', pods, (all) => all.length === GPUS && all.every(isPlaced));
    expect(new Set(seen.map(({ metadata }) => metadata.labels['app.kubernetes.io/component']))).toEqual(
      new Set(['panoptic-scorer']),
    );
  });
});
