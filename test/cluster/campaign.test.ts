// Campaigns on real pods: undisturbed, with every service killed and the release upgraded meanwhile, and with trainings as Jobs.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { helm, isReady, kubectl, type Pod, podsOf, until } from './support/kubectl.ts';
import { install, isGoing, type Release } from './support/release.ts';

/** In the order in which a cycle comes to them. */
const WORKERS = ['trainer', 'panoptic-scorer', 'region-selector', 'oracle', 'label-extender'];
const SERVICES = ['pool-registry', ...WORKERS, 'label-tool'];
/** Long enough to be disturbed in all its steps, small enough for two cores. */
const CAMPAIGN = [
  '--dataset=synthetic:train=24,val=4,size=48x64',
  '--cycles=4',
  '--initial=4',
  '--budget=2',
  '--size=48x64',
  '--region=7',
  '--steps=100',
  '--batch=2',
  '--passes=4',
  '--seed=7',
  '--encoder-weights=none',
  '--control=none',
];

let release: Release;
let undisturbed: readonly object[];

const componentOf = ({ labels }: Pod['metadata']) => labels['app.kubernetes.io/component'] ?? '';
const ready = async () => (await podsOf(release.namespace)).filter((pod) => isReady(pod) && !isGoing(pod));
const allReady = (pods: Awaited<ReturnType<typeof ready>>) =>
  SERVICES.every((service) => pods.some(({ metadata }) => componentOf(metadata) === service));
const untilReady = () => until('every service is ready', ready, allReady);
/** The pods that were given work, as those of the registry say that are there now. */
async function workers(): Promise<Set<string>> {
  const registries = (await podsOf(release.namespace, 'pool-registry')).filter(
    ({ status }) => status.phase === 'Running',
  );
  // One that has just started, or just gone, says nothing.
  const logOf = ({ metadata }: Pod) => kubectl('logs', '--namespace', release.namespace, metadata.name).catch(() => '');
  const log = (await Promise.all(registries.map(logOf))).join('\n');
  return new Set([...log.matchAll(/"worker":"[\w-]+@([\w-]+)\/.*"msg":"work leased"/g)].map(([, pod]) => pod ?? ''));
}

describe('a release in a namespace that enforces restricted', () => {
  beforeAll(async () => {
    release = await install('calm');
  });
  afterAll(() => release?.remove());

  it('has all its pods ready', async () => {
    expect(allReady(await untilReady())).toBe(true);
  });

  it('passes helm test: every service is healthy, and a campaign runs through all of them', async () => {
    const said = await helm(['test', 'cpral', '--namespace', release.namespace, '--timeout', '10m']);
    expect(said.match(/Phase: +Succeeded/g)).toHaveLength(2);
  });

  it('runs a campaign', async () => {
    await release.startCampaign('campaign', CAMPAIGN);
    undisturbed = await release.campaignEnd('campaign');
    expect(undisturbed).toHaveLength(4);
    const services = (await podsOf(release.namespace)).filter(({ metadata }) =>
      WORKERS.includes(componentOf(metadata)),
    );
    const busy = await workers();
    expect(services.filter(({ metadata }) => !busy.has(metadata.name))).toEqual([]);
  });
});

describe('a release that is disturbed', () => {
  beforeAll(async () => {
    release = await install('stormy');
    await untilReady();
  });
  afterAll(() => release?.remove());

  it('ends its campaign with the same selections, though every pod dies at its work, the release is upgraded and the nodes are drained', async () => {
    const { namespace } = release;
    await release.startCampaign('campaign', CAMPAIGN);
    for (const service of WORKERS) {
      await killAtWork(service);
      if (service === 'trainer') await killOthers();
    }
    await release.stillRuns('campaign');
    await release.upgrade({ pods: { annotations: { 'cpral/test': 'a rolling upgrade' } } });
    await release.stillRuns('campaign');
    await drain(namespace);
    await release.stillRuns('campaign');
    expect(await release.campaignEnd('campaign')).toEqual(undisturbed);
  });
});

async function killAtWork(service: string): Promise<void> {
  const atWork = async () => {
    const busy = await workers();
    return (await podsOf(release.namespace, service)).filter(({ metadata }) => busy.has(metadata.name));
  };
  const [pod] = await until(`a pod of ${service} has work`, atWork, (pods) => pods.length > 0);
  await kubectl('delete', 'pod', '--namespace', release.namespace, pod?.metadata.name ?? '', '--wait=false');
}

/** The registry, all replicas at once, so that for a moment nobody knows of any work; and the label tool. */
async function killOthers(): Promise<void> {
  const selector = 'app.kubernetes.io/component in (pool-registry,label-tool)';
  await kubectl('delete', 'pod', '--namespace', release.namespace, '--selector', selector, '--wait=false');
}

/** All nodes, one after the other, of what belongs to the services: the campaign's client is a person's, and stays. */
async function drain(namespace: string): Promise<void> {
  const nodes = new Set(
    (await podsOf(namespace)).map(({ spec }) => spec.nodeName).filter((name) => name !== undefined),
  );
  for (const node of nodes) {
    await drainNode(namespace, node);
    await untilReady();
  }
}

/**
 * Where no other node can take the pods, budgets keep the last of them on this one for ever: it comes back once a pod has nowhere to go,
 * and the drain goes on.
 */
async function drainNode(namespace: string, node: string): Promise<void> {
  const selector = `app.kubernetes.io/component in (${SERVICES.join(',')})`;
  const flags = ['--delete-emptydir-data', '--ignore-daemonsets', '--timeout=5m'];
  let isOver = false;
  const drained = kubectl('drain', node, '--pod-selector', selector, ...flags).finally(() => {
    isOver = true;
  });
  try {
    const waiting = async () => (await podsOf(namespace)).filter(({ spec }) => spec.nodeName === undefined).length;
    await until('the node is drained, or a pod waits for it', waiting, (count) => isOver || count > 0);
  } finally {
    await kubectl('uncordon', node);
  }
  await drained;
}

describe('trainings as Jobs', () => {
  beforeAll(async () => {
    release = await install('jobs', { training: { mode: 'jobs', maxJobs: 2 } });
  });
  afterAll(() => release?.remove());

  it('end a campaign with the same selections, though the pod of one is deleted', async () => {
    const { namespace } = release;
    await release.startCampaign('campaign', CAMPAIGN);
    const running = async () => (await podsOf(namespace, 'trainer')).filter(({ status }) => status.phase === 'Running');
    const [pod] = await until('a Job has a pod', running, (pods) => pods.length > 0);
    await kubectl('delete', 'pod', '--namespace', namespace, pod?.metadata.name ?? '');
    expect(await release.campaignEnd('campaign')).toEqual(undisturbed);
    const jobs = JSON.parse(await kubectl('get', 'jobs', '--namespace', namespace, '--output', 'json')) as {
      items: object[];
    };
    expect(jobs.items).toHaveLength(4);
  });
});
