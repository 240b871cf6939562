// Two registries on one database and one bus.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { CampaignState } from '../../../proto/gen/cpral/v1/resources.ts';
import { memoryBus } from '../../../services/shared/bus/memory-bus.ts';
import { outcome } from '../../support/outcome.ts';
import { startTestRegistry } from '../../support/registry.ts';
import { importDataset, runCampaign, tinyDataset, untilEnded } from '../../support/tiny-dataset.ts';

const CONFIG = { cycles: 3, subsetImages: 8 };

describe('two replicas with workers on both', () => {
  it('select and label what one does alone, whichever of them is asked', async () => {
    const alone = await startTestRegistry();
    const { datasetId } = await importDataset(alone.registry, tinyDataset());
    alone.startWorkers();
    const undisturbed = await outcome(alone, (await runCampaign(alone.registry, datasetId, CONFIG)).campaignId);
    await alone.close();

    const folder = await mkdtemp(path.join(tmpdir(), 'cpral-replicas-'));
    const bus = memoryBus();
    const one = await startTestRegistry({ folder, bus });
    const two = await startTestRegistry({ folder, bus });
    try {
      await importDataset(one.registry, tinyDataset());
      one.startWorkers(2);
      two.startWorkers(2);
      const { campaignId, state } = await runCampaign(one.registry, datasetId, CONFIG);
      expect(state).toBe(CampaignState.CAMPAIGN_STATE_SUCCEEDED);
      expect((await untilEnded(two.registry, campaignId)).state).toBe(state);
      expect(await outcome(two, campaignId)).toEqual(undisturbed);
    } finally {
      await Promise.all([one.close(), two.close()]);
      await rm(folder, { recursive: true });
    }
  });

  it('give one id to equal datasets that are imported at once', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'cpral-replicas-'));
    const one = await startTestRegistry({ folder });
    const two = await startTestRegistry({ folder });
    try {
      const registries = [one, two, one, two].map(({ registry }) => registry);
      const ids = await Promise.all(registries.map((registry) => importDataset(registry, tinyDataset())));
      expect(new Set(ids.map(({ datasetId }) => datasetId)).size).toBe(1);
    } finally {
      await Promise.all([one.close(), two.close()]);
      await rm(folder, { recursive: true });
    }
  });
});
