import { expect, it } from 'vitest';
import { memoryBus } from '../../services/shared/bus/memory-bus.ts';
import { call } from '../../services/shared/grpc/client.ts';
import { startTestRegistry } from '../support/registry.ts';
import { createCampaign, importDataset, tinyDataset } from '../support/tiny-dataset.ts';

const deadlineMs = 10_000;

it('a campaign is refused while the queue is full, with the time after which to try again, and taken when it has room', async () => {
  const bus = memoryBus({ maxMessages: 1 });
  const test = await startTestRegistry({ bus });
  try {
    const { datasetId } = await importDataset(test.registry, tinyDataset());
    const first = await createCampaign(test.registry, datasetId, { cycles: 1, seed: 1 });
    await expect.poll(() => bus.hasRoom(), { timeout: deadlineMs }).toBe(false);
    const refused = { code: 'RESOURCE_EXHAUSTED', reason: 'QUEUE_FULL', retryAfterMs: 5_000 };
    await expect(createCampaign(test.registry, datasetId, { cycles: 1, seed: 2 })).rejects.toMatchObject(refused);
    const change = { campaignId: first, etag: '', requestId: '' };
    await call(test.registry.pauseCampaign.bind(test.registry), change, { deadlineMs });
    await expect(call(test.registry.resumeCampaign.bind(test.registry), change, { deadlineMs })).rejects.toMatchObject(
      refused,
    );
    test.startWorkers();
    await expect
      .poll(() => createCampaign(test.registry, datasetId, { cycles: 1, seed: 2 }).catch(() => ''), {
        timeout: deadlineMs,
      })
      .not.toBe('');
  } finally {
    await test.close();
  }
});

it('a full queue keeps no event from being told', async () => {
  const bus = memoryBus({ maxMessages: 0 });
  const told: string[] = [];
  await bus.subscribe((event) => told.push(event.type));
  const test = await startTestRegistry({ bus: { ...bus, hasRoom: async () => true } });
  try {
    const { datasetId } = await importDataset(test.registry, tinyDataset());
    await createCampaign(test.registry, datasetId, { cycles: 1 });
    await expect
      .poll(() => told, { timeout: deadlineMs })
      .toEqual(['cpral.dataset.imported', 'cpral.campaign.changed']);
  } finally {
    await test.close();
  }
});
