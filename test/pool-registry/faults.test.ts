import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { CampaignChanged } from '../../proto/gen/cpral/v1/events.ts';
import { CampaignState } from '../../proto/gen/cpral/v1/resources.ts';
import type { Bus, BusEvent } from '../../services/shared/bus/bus.ts';
import { memoryBus } from '../../services/shared/bus/memory-bus.ts';
import { call } from '../../services/shared/grpc/client.ts';
import { outcome } from '../support/outcome.ts';
import { startTestRegistry } from '../support/registry.ts';
import { createCampaign, importDataset, runCampaign, tinyDataset, untilEnded } from '../support/tiny-dataset.ts';

const deadlineMs = 10_000;

async function undisturbed() {
  const test = await startTestRegistry();
  try {
    const { datasetId } = await importDataset(test.registry, tinyDataset());
    test.startWorkers();
    const { campaignId } = await runCampaign(test.registry, datasetId, { cycles: 3 });
    return await outcome(test, campaignId);
  } finally {
    await test.close();
  }
}

/** Delivers each message twice, or never the first time. */
function unreliable(deliver: 'twice' | 'not-at-first'): Bus {
  const bus = memoryBus();
  const seen = new Set<string>();
  return {
    ...bus,
    async publishWork(kind, message) {
      const first = !seen.has(message.itemId);
      seen.add(message.itemId);
      if (deliver === 'not-at-first' && first) return;
      await bus.publishWork(kind, message);
      // Not before the first copy was taken: the queue keeps one of each that waits.
      if (deliver === 'twice' && first) setTimeout(() => void bus.publishWork(kind, message), 20);
    },
  };
}

describe('a campaign on a bus that', () => {
  it.each(['twice', 'not-at-first'] as const)(
    'delivers %s selects and labels what an undisturbed one does',
    async (deliver) => {
      const test = await startTestRegistry({ bus: unreliable(deliver) });
      try {
        const { datasetId } = await importDataset(test.registry, tinyDataset());
        test.startWorkers(2);
        const campaign = await runCampaign(test.registry, datasetId, { cycles: 3 });
        expect(campaign.state).toBe(CampaignState.CAMPAIGN_STATE_SUCCEEDED);
        expect(await outcome(test, campaign.campaignId)).toEqual(await undisturbed());
      } finally {
        await test.close();
      }
    },
  );

  it('tells each transition once, in order', async () => {
    const bus = memoryBus();
    const events: BusEvent[] = [];
    await bus.subscribe((event) => events.push(event));
    const test = await startTestRegistry({ bus });
    try {
      const { datasetId } = await importDataset(test.registry, tinyDataset());
      test.startWorkers();
      await runCampaign(test.registry, datasetId, { strategy: 'cpral', cycles: 2 });
      await expect
        .poll(() => events.at(-1)?.data, { timeout: 5_000 })
        .toMatchObject({ state: 'CAMPAIGN_STATE_SUCCEEDED' });
      expect(new Set(events.map((event) => event.id)).size).toBe(events.length);
      const steps = events
        .filter((event) => event.type === 'cpral.campaign.changed')
        .map((event) => CampaignChanged.fromJSON(event.data).step);
      expect(steps).toEqual([1, 2, 3, 4, 5, 6, 2, 7]);
      expect(events.filter((event) => event.type === 'cpral.model.trained')).toHaveLength(2);
    } finally {
      await test.close();
    }
  });
});

describe('a registry that is started again on the same database', () => {
  it('goes on where it was, with the same selections', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'cpral-restart-'));
    try {
      const first = await startTestRegistry({ folder });
      const { datasetId } = await importDataset(first.registry, tinyDataset());
      const never = (signal?: AbortSignal) =>
        new Promise<never>((_, reject) => signal?.addEventListener('abort', reject));
      first.startWorkers(1, { find_regions: (_, { signal }) => never(signal) });
      const campaignId = await createCampaign(first.registry, datasetId, { cycles: 3 });
      const step = async () =>
        (await call(first.registry.getCampaign.bind(first.registry), { campaignId }, { deadlineMs })).campaign?.step;
      await expect.poll(step, { timeout: 20_000 }).toBe(4);
      await first.close();

      const second = await startTestRegistry({ folder });
      try {
        second.startWorkers();
        expect((await untilEnded(second.registry, campaignId)).state).toBe(CampaignState.CAMPAIGN_STATE_SUCCEEDED);
        expect(await outcome(second, campaignId)).toEqual(await undisturbed());
      } finally {
        await second.close();
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
