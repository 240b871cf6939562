// The registry and its workers on a real NATS server.
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CampaignState } from '../../../proto/gen/cpral/v1/resources.ts';
import type { Bus } from '../../../services/shared/bus/bus.ts';
import { EVENT_STREAM, WORK_STREAM } from '../../../services/shared/bus/nats/topology.ts';
import { call } from '../../../services/shared/grpc/client.ts';
import { connectedBus, startTestNats } from '../../support/nats.ts';
import { pythonWith } from '../../support/python.ts';
import { startTestRegistry, type TestRegistry } from '../../support/registry.ts';
import { createCampaign, importDataset, runCampaign, tinyDataset, untilEnded } from '../../support/tiny-dataset.ts';

const deadlineMs = 10_000;
const page = { pageSize: 1000, pageToken: '' };

let nats: Awaited<ReturnType<typeof startTestNats>>;
beforeAll(async () => {
  nats = await startTestNats();
});
afterAll(() => nats.close());

let bus: Bus;
let test: TestRegistry;
beforeEach(async () => {
  bus = await connectedBus(nats.url);
  test = await startTestRegistry({ bus });
});
afterEach(async () => {
  await test.close();
  await bus.close();
});

async function deleteStreams(): Promise<void> {
  const connection = await connect({ servers: nats.url });
  const manager = await jetstreamManager(connection);
  for (const stream of [WORK_STREAM, EVENT_STREAM]) await manager.streams.delete(stream);
  await connection.close();
}

async function outcome({ registry }: TestRegistry, campaignId: string) {
  const { regions } = await call(registry.listRegions.bind(registry), { campaignId, ...page }, { deadlineMs });
  const { labels } = await call(
    registry.listLabels.bind(registry),
    { campaignId, imageIds: [], ...page },
    { deadlineMs },
  );
  return { regions, labels };
}

async function inMemory() {
  const other = await startTestRegistry();
  try {
    const { datasetId } = await importDataset(other.registry, tinyDataset());
    other.startWorkers();
    const { campaignId } = await runCampaign(other.registry, datasetId, { cycles: 3 });
    return await outcome(other, campaignId);
  } finally {
    await other.close();
  }
}

describe('a campaign over NATS', () => {
  it('selects and labels what it does in one process, though its streams are deleted on the way', async () => {
    const { datasetId } = await importDataset(test.registry, tinyDataset());
    const reached = Promise.withResolvers<void>();
    const deleted = Promise.withResolvers<void>();
    test.startWorkers(2, {
      async rate(lease, options) {
        if (lease.cycle === 0) {
          reached.resolve();
          await deleted.promise;
        }
        return test.scripted('rate')(lease, options);
      },
    });
    const campaignId = await createCampaign(test.registry, datasetId, { cycles: 3 });
    await reached.promise;
    await deleteStreams();
    deleted.resolve();
    expect((await untilEnded(test.registry, campaignId)).state).toBe(CampaignState.CAMPAIGN_STATE_SUCCEEDED);
    expect(await outcome(test, campaignId)).toEqual(await inMemory());
  });

  it('is followed by a Python program through its events', async () => {
    const python = await pythonWith(['nats-py']);
    await deleteStreams();
    const { datasetId } = await importDataset(test.registry, tinyDataset());
    test.startWorkers();
    const campaign = await runCampaign(test.registry, datasetId, { cycles: 1 });
    const lines = (await python(['docs/examples/watch_events.py', nats.url, '5'])).trim().split('\n');
    expect(lines.map((line) => line.split(' ').slice(1, 3))).toEqual([
      ['cpral.dataset.imported', datasetId],
      ['cpral.campaign.changed', campaign.campaignId],
      ['cpral.campaign.changed', campaign.campaignId],
      ['cpral.model.trained', `${campaign.campaignId}-0`],
      ['cpral.campaign.changed', campaign.campaignId],
    ]);
    expect(JSON.parse(lines.at(-1)?.split(' ').slice(3).join(' ') ?? '')).toMatchObject({
      state: 'CAMPAIGN_STATE_SUCCEEDED',
    });
  });
});
