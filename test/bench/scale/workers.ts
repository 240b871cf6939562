// Workers whose compute takes a fixed time: what of their number arrives as throughput. And what the registry can commit.

import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import type { PoolRegistryClient } from '../../../proto/gen/cpral/v1/pool_registry.ts';
import { CampaignState, CampaignStep } from '../../../proto/gen/cpral/v1/resources.ts';
import { consumerName, WORK_STREAM } from '../../../services/shared/bus/nats/topology.ts';
import { call, messages } from '../../../services/shared/grpc/client.ts';
import { type Deployment, withDeployment } from './deployment.ts';
import { atLeast, type Measure, quantile, shown } from './measure.ts';
import { processorMs } from './processes.ts';
import { createCampaign, INITIAL_IMAGES, insertDataset, reachRating } from './stub-pool.ts';
import { complete, lease, openItems } from './stub-work.ts';

const WORKERS = [1, 2, 4, 8];
const IMAGES_PER_ITEM = 32;
const EFFICIENCY = 0.9;
/** Reports that are under way at once, as from so many workers. */
const REPORTERS = 16;
const PAGE = 1_000;
const POLL_MS = 100;
const START_LIMIT_MS = 60_000;

export interface WorkersOptions {
  /** Shards that each worker does. */
  readonly items: number;
  /** What the stub takes for one; in campaigns a shard takes 1 to 60 s. */
  readonly computeMs: number;
  /** Shards that are committed as fast as the registry takes them. */
  readonly commits: number;
}

export function workersBench({ items, computeMs, commits }: WorkersOptions): AsyncGenerator<Measure> {
  return withDeployment(async function* (deployment) {
    const datasets = new Map<number, string>();
    const datasetOf = async (shards: number) => {
      const known =
        datasets.get(shards) ?? (await insertDataset(deployment.sql, INITIAL_IMAGES + shards * IMAGES_PER_ITEM));
      datasets.set(shards, known);
      return known;
    };
    yield* commitAll(deployment, await datasetOf(commits));
    let alone = 0;
    for (const [index, workers] of WORKERS.entries()) {
      const program = path.join(import.meta.dirname, 'stub-worker.ts');
      const running = WORKERS[index - 1] ?? 0;
      for (let i = running; i < workers; i++) {
        deployment.start(`worker-${i}`, program, { CPRAL_STUB_MS: `${computeMs}` });
      }
      await untilWaiting(deployment, workers);
      const shards = workers * items;
      const seconds = await secondsOfRating(deployment, await datasetOf(shards), `workers-${workers}`);
      const rate = shards / seconds;
      yield shown(`items a second, workers: ${workers}`, rate, '1/s');
      if (workers === 1) alone = rate;
      const efficiency = rate / (workers * alone);
      const name = `efficiency, workers: ${workers}`;
      yield workers === WORKERS.at(-1) ? atLeast(name, efficiency, '', EFFICIENCY) : shown(name, efficiency, '');
    }
    yield shown('share of the time that a lone worker computes', (alone * computeMs) / 1_000, '');
  });
}

/** Until so many workers have asked the queue for an item. */
async function untilWaiting({ natsUrl }: Deployment, workers: number): Promise<void> {
  const connection = await connect({ servers: natsUrl });
  try {
    const manager = await jetstreamManager(connection);
    const end = Date.now() + START_LIMIT_MS;
    while ((await manager.consumers.info(WORK_STREAM, consumerName('rate'))).num_waiting < workers) {
      if (Date.now() > end) throw new Error(`fewer than ${workers} workers ask for work`);
      await sleep(POLL_MS);
    }
  } finally {
    await connection.close();
  }
}

/** From the entry of the step to its end; the workers wait for it. */
async function secondsOfRating(deployment: Deployment, datasetId: string, campaignId: string): Promise<number> {
  await createCampaign(deployment, datasetId, campaignId, 4);
  await reachRating(deployment, campaignId);
  const start = performance.now();
  await leftRating(deployment.registry, campaignId);
  return (performance.now() - start) / 1_000;
}

async function leftRating(registry: PoolRegistryClient, campaignId: string): Promise<void> {
  for await (const { campaign } of messages(registry.watchCampaign({ campaignId }))) {
    if (campaign?.step === CampaignStep.CAMPAIGN_STEP_FIND_REGIONS) return;
    if (campaign?.state === CampaignState.CAMPAIGN_STATE_FAILED) throw new Error(`${campaignId}: ${campaign.error}`);
  }
}

async function* commitAll(deployment: Deployment, datasetId: string): AsyncGenerator<Measure> {
  const campaignId = 'commits';
  await createCampaign(deployment, datasetId, campaignId, 4);
  await reachRating(deployment, campaignId);
  // The last one stays: its commit enters the next step, which is another matter.
  const waiting = (await openItems(deployment, campaignId, PAGE)).slice(1);
  const times: number[] = [];
  const start = performance.now();
  const before = processorMs(deployment.registryPid);
  const report = async () => {
    for (let itemId = waiting.pop(); itemId !== undefined; itemId = waiting.pop()) {
      times.push(await complete(deployment, await lease(deployment, itemId)));
    }
  };
  await Promise.all(Array.from({ length: REPORTERS }, report));
  const tookMs = performance.now() - start;
  const processor = (processorMs(deployment.registryPid) - before) / times.length;
  yield shown('lease and completion, processor time of the registry', processor, 'ms');
  yield shown('completions a second, each after its lease', (1_000 * times.length) / tookMs, '1/s');
  yield shown('completion, median', quantile(times, 0.5), 'ms');
  yield shown('completion, p99', quantile(times, 0.99), 'ms');
  await call(
    deployment.registry.pauseCampaign.bind(deployment.registry),
    { campaignId, etag: '', requestId: '' },
    { deadlineMs: 10_000 },
  );
}
