// Work waits in one queue and is pulled one item at a time, so that whoever is added finds the next item and not a share that is dealt out.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CampaignState, WorkItemState } from '../../proto/gen/cpral/v1/resources.ts';
import { call } from '../../services/shared/grpc/client.ts';
import type { WorkHandler } from '../../services/shared/worker/worker-service.ts';
import { startTestRegistry, type TestRegistry } from '../support/registry.ts';
import { createCampaign, importDataset, tinyDataset, untilEnded } from '../support/tiny-dataset.ts';

const { WORK_ITEM_STATE_OPEN, WORK_ITEM_STATE_LEASED, WORK_ITEM_STATE_DONE } = WorkItemState;
const SOON = { timeout: 15_000 };
/** Four shards of 32 images and one that is not full. */
const POOL = 140;
const RATINGS = 5;

let test: TestRegistry;
beforeEach(async () => {
  test = await startTestRegistry();
});
afterEach(() => test.close());

it('a worker that is added in the middle of a step takes what waits at once, while the first is still at its item', async () => {
  const { datasetId } = await importDataset(test.registry, tinyDataset({ train: POOL }));
  const campaignId = await createCampaign(test.registry, datasetId, { cycles: 2 });
  const ratingsIn = async (state: WorkItemState) => {
    const request = { campaignId, states: [state], pageSize: 1_000, pageToken: '' };
    const { items } = await call(test.registry.listWorkItems.bind(test.registry), request, { deadlineMs: 10_000 });
    return items.filter(({ itemId, kind }) => kind === 'rate' && itemId.startsWith(`${campaignId}/0/`)).length;
  };
  const gate = Promise.withResolvers<void>();
  const slow: WorkHandler = async (lease, options) => {
    await gate.promise;
    return test.scripted('rate')(lease, options);
  };
  test.startWorkers(1, { rate: slow });
  await expect.poll(() => ratingsIn(WORK_ITEM_STATE_LEASED), SOON).toBe(1);
  expect(await ratingsIn(WORK_ITEM_STATE_OPEN)).toBe(RATINGS - 1);

  test.startWorkers(1);
  await expect.poll(() => ratingsIn(WORK_ITEM_STATE_DONE), SOON).toBe(RATINGS - 1);
  expect(await ratingsIn(WORK_ITEM_STATE_LEASED)).toBe(1);
  gate.resolve();
  expect((await untilEnded(test.registry, campaignId)).state).toBe(CampaignState.CAMPAIGN_STATE_SUCCEEDED);
});
