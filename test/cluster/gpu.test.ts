// Where pods with GPUs are put, which the scheduler decides without a GPU's driver: nodes that only count them will do.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kubectl, podsOf, until } from './support/kubectl.ts';
import { install, type Release } from './support/release.ts';

interface Node {
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly status: { readonly allocatable: Readonly<Record<string, string>> };
}

const PRESENT = 'nvidia.com/gpu.present';
const { items } = JSON.parse(await kubectl('get', 'nodes', '--output', 'json')) as { items: Node[] };
const gpuNodes = items.filter(({ metadata }) => metadata.labels[PRESENT] === 'true');
const gpus = gpuNodes.reduce((sum, { status }) => sum + Number(status.allocatable['nvidia.com/gpu'] ?? 0), 0);
if (gpus === 0) console.error('skipped: no node is labelled nvidia.com/gpu.present=true and has nvidia.com/gpu');

describe.skipIf(gpus === 0)('pods with GPUs', () => {
  let release: Release;
  const without = { enabled: false };
  const services = (scorers: number) => ({
    'pool-registry': { replicas: 0 },
    trainer: { replicas: 1 },
    'panoptic-scorer': { replicas: scorers },
    'region-selector': without,
    'label-extender': without,
    oracle: without,
  });

  beforeAll(async () => {
    release = await install('gpu', { services: { ...services(0), trainer: { replicas: 0 } } });
  });
  afterAll(() => release?.remove());

  it('ask for none where the device is the CPU', async () => {
    const text = await kubectl('get', 'deployments', '--namespace', release.namespace, '--output', 'json');
    expect(text).not.toContain('nvidia.com/gpu');
  });

  it('are put on nodes with GPUs alone, as many as there are, and one more waits and says why', async () => {
    const gpu = { nodeSelector: { [PRESENT]: 'true' } };
    await release.upgrade({ device: 'gpu', gpu, services: services(0) });
    // One pod too many: Helm would wait for it, so the wish is made by hand.
    await kubectl('scale', 'deployment/cpral-panoptic-scorer', '--namespace', release.namespace, `--replicas=${gpus}`);
    const look = () => podsOf(release.namespace);
    const isPlaced = (pods: Awaited<ReturnType<typeof look>>) => pods.filter(({ spec }) => spec.nodeName !== undefined);
    const pods = await until(
      'every GPU has a pod, and one pod has none',
      look,
      (seen) => seen.length === gpus + 1 && isPlaced(seen).length === gpus,
    );
    const names = gpuNodes.map(({ metadata }) => metadata.name);
    for (const { spec } of isPlaced(pods)) expect(names).toContain(spec.nodeName);
    const waiting = pods.find(({ spec }) => spec.nodeName === undefined);
    const why = waiting?.status.conditions?.find(({ type }) => type === 'PodScheduled');
    expect(why).toMatchObject({
      status: 'False',
      reason: 'Unschedulable',
      message: expect.stringContaining('Insufficient nvidia.com/gpu'),
    });
  });
});
