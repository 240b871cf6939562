// Calls: how long a small one takes, and whether a stream of a million items leaves memory alone, also where the client stops reading.
import { setTimeout as sleep } from 'node:timers/promises';
import { call, messages } from '../../../services/shared/grpc/client.ts';
import { type Deployment, withDeployment } from './deployment.ts';
import { atMost, type Measure, quantile, shown } from './measure.ts';
import { watchMemory } from './memory.ts';
import { createCampaign, insertDataset } from './stub-pool.ts';

const GROWTH_MIB = 64;
const READ_BEFORE_PAUSE = 1_000;
const campaignId = 'stream';

export interface RpcOptions {
  readonly images: number;
  readonly calls: number;
  /** How long a client stops reading. */
  readonly pauseMs: number;
}

export function rpcBench({ images, calls, pauseMs }: RpcOptions): AsyncGenerator<Measure> {
  return withDeployment(async function* (deployment) {
    const datasetId = await insertDataset(deployment.sql, images);
    yield* unaryCalls(deployment, datasetId, calls);
    await createCampaign(deployment, datasetId, campaignId, 4);
    yield* streamPool(deployment);
    yield* pausedReader(deployment, pauseMs);
  });
}

async function* unaryCalls({ registry }: Deployment, datasetId: string, calls: number): AsyncGenerator<Measure> {
  const kinds: [string, () => Promise<unknown>][] = [
    ['without a query', () => call(registry.listStrategies.bind(registry), {}, { deadlineMs: 10_000 })],
    ['with one query', () => call(registry.getDataset.bind(registry), { datasetId }, { deadlineMs: 10_000 })],
  ];
  for (const [name, ask] of kinds) {
    const times: number[] = [];
    for (let i = 0; i < calls; i++) {
      const start = performance.now();
      await ask();
      times.push(performance.now() - start);
    }
    yield shown(`unary ${name}, p50`, quantile(times, 0.5), 'ms');
    yield shown(`unary ${name}, p99`, quantile(times, 0.99), 'ms');
  }
}

async function* streamPool({ registry, registryPid }: Deployment): AsyncGenerator<Measure> {
  const [client, server] = [watchMemory(process.pid), watchMemory(registryPid)];
  const start = performance.now();
  let items = 0;
  for await (const { item } of messages(registry.streamPoolItems({ campaignId, state: 0 }))) if (item) items++;
  const seconds = (performance.now() - start) / 1_000;
  const [ofClient, ofServer] = [client(), server()];
  yield shown(`stream of ${items} pool items`, seconds, 's');
  yield shown('stream, items a second', items / seconds, '1/s');
  yield atMost('stream, growth of the client', ofClient.growthMib, 'MiB', GROWTH_MIB);
  yield atMost('stream, growth of the registry', ofServer.growthMib, 'MiB', GROWTH_MIB);
  yield shown('stream, peak of the registry', ofServer.peakMib, 'MiB');
}

/** The registry must wait for the client instead of reading the pool into its memory. */
async function* pausedReader({ registry, registryPid }: Deployment, pauseMs: number): AsyncGenerator<Measure> {
  let items = 0;
  const memory = watchMemory(registryPid);
  for await (const _ of messages(registry.streamPoolItems({ campaignId, state: 0 }))) {
    if (++items < READ_BEFORE_PAUSE) continue;
    await sleep(pauseMs);
    break;
  }
  yield atMost('a client that stops reading, growth of the registry', memory().growthMib, 'MiB', GROWTH_MIB);
}
