// Nodes with GPUs that are numbers. Where a pod is put is the scheduler's own decision; that it then runs is said by us in place of a
// kubelet, and nothing is executed. So placement and quotas can be tested on any cluster.
import { setTimeout as sleep } from 'node:timers/promises';
import { openApi } from './api.ts';
import type { Pod } from './kubectl.ts';

const NODES = '/api/v1/nodes';
/** Nodes that are silent for some 40 seconds are taken for dead. */
const HEARTBEAT_MS = 10_000;
const LOOK_MS = 500;
export const FAKE = { 'cpral.test/fake-gpus': 'true' };
const RESOURCES = { cpu: '64', memory: '512Gi', pods: '110', 'ephemeral-storage': '500Gi' };

export interface FakeNodes {
  readonly names: readonly string[];
  /** Pods on them that run. */
  running(): Promise<readonly Pod[]>;
  /** Says that a pod's containers have ended well. */
  complete(pod: Pod): Promise<void>;
  /** They are gone with what is on them. */
  close(): Promise<void>;
}

export async function startFakeNodes({ count, gpus }: { count: number; gpus: number }): Promise<FakeNodes> {
  const api = await openApi();
  const names = Array.from({ length: count }, (_, i) => `cpral-test-gpu-${i}`);
  const stop = new AbortController();
  const onNode = async (name: string) =>
    (await api.get<{ items: Pod[] }>(`/api/v1/pods?fieldSelector=spec.nodeName=${name}`)).items;
  const all = async () => (await Promise.all(names.map(onNode))).flat();
  const setStatus = (pod: Pod, status: object) => api.patch(`${pathOf(pod)}/status`, { status });

  for (const name of names) {
    await api.remove(`${NODES}/${name}`);
    await api.create(NODES, nodeOf(name, gpus));
  }
  const beating = repeat(HEARTBEAT_MS, stop.signal, async () => {
    for (const name of names)
      await api.patch(`${NODES}/${name}/status`, { status: { conditions: [readyCondition()] } });
  });
  const playing = repeat(LOOK_MS, stop.signal, async () => {
    for (const pod of await all()) {
      if (pod.metadata.deletionTimestamp) await api.remove(pathOf(pod));
      else if (pod.status.phase === 'Pending') await setStatus(pod, runningStatus(pod));
    }
  });
  return {
    names,
    running: async () => (await all()).filter(({ status }) => status.phase === 'Running'),
    complete: (pod) => setStatus(pod, completedStatus(pod)),
    async close() {
      stop.abort();
      await Promise.all([beating, playing]);
      for (const pod of await all()) await api.remove(pathOf(pod));
      for (const name of names) await api.remove(`${NODES}/${name}`);
      await api.close();
    },
  };
}

async function repeat(everyMs: number, signal: AbortSignal, turn: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await turn();
    await sleep(everyMs, undefined, { signal }).catch(() => {});
  }
}

const pathOf = ({ metadata }: Pod) => `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}`;

function nodeOf(name: string, gpus: number): object {
  const resources = { ...RESOURCES, 'nvidia.com/gpu': String(gpus) };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { ...FAKE, 'kubernetes.io/hostname': name } },
    spec: { taints: [{ key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' }] },
    status: { capacity: resources, allocatable: resources, conditions: [readyCondition()] },
  };
}

function readyCondition(): object {
  const now = new Date().toISOString();
  return { type: 'Ready', status: 'True', reason: 'Fake', lastHeartbeatTime: now, lastTransitionTime: now };
}

const names = ({ spec }: Pod) =>
  spec.containers.map(({ name, image }) => ({ name, image, imageID: '', restartCount: 0 }));

function runningStatus(pod: Pod): object {
  const now = new Date().toISOString();
  const holds = ['Initialized', 'ContainersReady', 'Ready'].map((type) => ({
    type,
    status: 'True',
    lastTransitionTime: now,
  }));
  return {
    phase: 'Running',
    startTime: now,
    conditions: [...(pod.status.conditions ?? []), ...holds],
    containerStatuses: names(pod).map((each) => ({ ...each, ready: true, state: { running: { startedAt: now } } })),
  };
}

function completedStatus(pod: Pod): object {
  const terminated = { exitCode: 0, reason: 'Completed', finishedAt: new Date().toISOString() };
  return {
    phase: 'Succeeded',
    containerStatuses: names(pod).map((each) => ({ ...each, ready: false, state: { running: null, terminated } })),
  };
}
