import { afterAll, beforeAll, expect, it } from 'vitest';
import { pythonWith } from '../support/python.ts';
import { startTestRegistry, type TestRegistry } from '../support/registry.ts';
import { createCampaign, importDataset, runCampaign, tinyDataset } from '../support/tiny-dataset.ts';

let test: TestRegistry;
beforeAll(async () => {
  test = await startTestRegistry();
});
afterAll(() => test.close());

it('a Python client finds the services by reflection and reads campaigns, ended ones and those under way', async () => {
  const python = await pythonWith(['grpcio', 'grpcio-reflection']);
  const { datasetId } = await importDataset(test.registry, tinyDataset());
  const forever = (signal?: AbortSignal) =>
    new Promise<never>((_, reject) => signal?.addEventListener('abort', reject));
  const measure = test.scripted('rate');
  // The scorer also measures what was picked, which a random selection waits for as well.
  test.startWorkers(1, {
    rate: (lease, options) => (lease.spec?.spec?.$case === 'rate' ? forever(options.signal) : measure(lease, options)),
  });
  const ended = await runCampaign(test.registry, datasetId, { strategy: 'random', cycles: 2, seed: 1 });
  const underWay = await createCampaign(test.registry, datasetId, { strategy: 'cpral', cycles: 2, seed: 2 });

  const printed = await python(['docs/examples/read_campaigns.py', test.address]);
  const lines = printed.split('\n');
  expect(lines).toContain('service cpral.v1.PoolRegistry');
  expect(lines).toContain('service cpral.v1.Operations');
  expect(printed).toContain(`campaign ${ended.campaignId} CAMPAIGN_STATE_SUCCEEDED CAMPAIGN_STEP_DONE cycle 1`);
  expect(printed).toContain(`campaign ${underWay} CAMPAIGN_STATE_RUNNING`);
  expect(lines).toContain('  cycle 0 labelled 0.200 mIoU 0.02');
});
