// Stochastic passes that agree: over one image they may, over all images of a cycle they tell nothing, and the campaign says so.
import { status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Campaign, CampaignState } from '../../proto/gen/cpral/v1/resources.ts';
import { call } from '../../services/shared/grpc/client.ts';
import type { WorkHandler } from '../../services/shared/worker/worker-service.ts';
import { startTestRegistry, type TestRegistry } from '../support/registry.ts';
import { createCampaign, importDataset, runCampaign, tinyDataset } from '../support/tiny-dataset.ts';

const deadlineMs = 10_000;
const REFUSAL = /^cycle 0: expected 4 stochastic passes to disagree somewhere in \d+ images, got the same class/;

let test: TestRegistry;
let datasetId: string;
beforeEach(async () => {
  test = await startTestRegistry();
  ({ datasetId } = await importDataset(test.registry, tinyDataset()));
});
afterEach(() => test.close());

async function errorCodeOf({ campaignId }: Campaign): Promise<number | undefined> {
  const list = test.operations.listOperations.bind(test.operations);
  const { operations } = await call(list, { pageSize: 0, pageToken: '' }, { deadlineMs });
  return operations.find((each) => each.campaignId === campaignId)?.error?.code;
}

/** Searches as ever, but with scores of 0 but for the images that it is told. */
function agreed({ disputed = 0, scored = '' }: { disputed?: number; scored?: string }): WorkHandler {
  return async (lease, options) => {
    const { result, seconds } = await test.scripted('find_regions')(lease, options);
    if (result.result?.$case !== 'findRegions') throw new Error('not a search for regions');
    const candidates = result.result.value.candidates.map((candidate) => ({
      ...candidate,
      score: candidate.imageId === scored ? candidate.score : 0,
    }));
    const value = { ...result.result.value, candidates, disputedImages: disputed };
    return { result: { result: { $case: 'findRegions', value } }, seconds };
  };
}

const rated =
  (rating: (imageId: string) => number): WorkHandler =>
  async ({ spec }) => {
    if (spec?.spec?.$case !== 'rate') throw new Error('not a rating');
    const ratings = spec.spec.value.images.map(({ imageId }) => ({ imageId, rating: rating(imageId) }));
    return { result: { result: { $case: 'rate', value: { ratings, embeddings: undefined } } }, seconds: 1 };
  };

describe('a search for regions', () => {
  const config = { strategy: 'all+gaussian', cycles: 2 };

  it('ends the campaign at once where no pass disagrees in any image, and excludes none', async () => {
    test.startWorkers(1, { find_regions: agreed({}) });
    const campaign = await runCampaign(test.registry, datasetId, config);
    expect(campaign).toMatchObject({
      state: CampaignState.CAMPAIGN_STATE_FAILED,
      error: expect.stringMatching(REFUSAL),
    });
    expect(campaign.error).toContain('start a campaign that trains longer');
    expect(campaign.pool?.excluded).toBe(0n);
    expect(await errorCodeOf(campaign)).toBe(status.FAILED_PRECONDITION);
  });

  it('is refused again where the campaign is resumed, as nothing has changed', async () => {
    test.startWorkers(1, { find_regions: agreed({}) });
    const { campaignId } = await runCampaign(test.registry, datasetId, config);
    const request = { campaignId, etag: '', requestId: '' };
    const { campaign } = await call(test.registry.resumeCampaign.bind(test.registry), request, { deadlineMs });
    expect(campaign).toMatchObject({
      state: CampaignState.CAMPAIGN_STATE_FAILED,
      error: expect.stringMatching(REFUSAL),
    });
  });

  it('goes on where one image has a score: the others come after it', async () => {
    test.startWorkers(1, { find_regions: agreed({ scored: 'image-004' }) });
    const { state } = await runCampaign(test.registry, datasetId, config);
    expect(state).toBe(CampaignState.CAMPAIGN_STATE_SUCCEEDED);
  });

  it('goes on where what is disputed has no score, as it is labelled already', async () => {
    test.startWorkers(1, { find_regions: agreed({ disputed: 1 }) });
    const { state } = await runCampaign(test.registry, datasetId, config);
    expect(state).toBe(CampaignState.CAMPAIGN_STATE_SUCCEEDED);
  });

  it('by chance needs no disagreement', async () => {
    test.startWorkers(1, { find_regions: agreed({}) });
    const { state } = await runCampaign(test.registry, datasetId, { strategy: 'all+random', cycles: 2 });
    expect(state).toBe(CampaignState.CAMPAIGN_STATE_SUCCEEDED);
  });
});

describe('ratings by MC dropout', () => {
  const config = { strategy: 'mc-dropout', cycles: 2 };

  it('end the campaign at once where all of them are 0', async () => {
    test.startWorkers(1, { rate: rated(() => 0) });
    const campaign = await runCampaign(test.registry, datasetId, config);
    expect(campaign).toMatchObject({
      state: CampaignState.CAMPAIGN_STATE_FAILED,
      error: expect.stringMatching(REFUSAL),
    });
    expect(await errorCodeOf(campaign)).toBe(status.FAILED_PRECONDITION);
  });

  it('go on where one is not', async () => {
    const measured = test.scripted('rate');
    const one = rated((imageId) => (imageId === 'image-004' ? 1 : 0));
    test.startWorkers(1, {
      rate: (lease, options) => (lease.spec?.spec?.$case === 'rate' ? one : measured)(lease, options),
    });
    const { state } = await runCampaign(test.registry, datasetId, config);
    expect(state).toBe(CampaignState.CAMPAIGN_STATE_SUCCEEDED);
  });
});

describe('a campaign that votes', () => {
  it('is refused before any work where one pass is all there is', async () => {
    await expect(createCampaign(test.registry, datasetId, { cycles: 2, passes: 1 })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      field: 'config.passes',
    });
  });
});
