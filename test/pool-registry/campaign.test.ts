import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type Campaign,
  CampaignState,
  type Cycle,
  type Label,
  type PoolItem,
  PoolState,
  type Region,
} from '../../proto/gen/cpral/v1/resources.ts';
import { call, messages } from '../../services/shared/grpc/client.ts';
import { startTestRegistry, type TestRegistry } from '../support/registry.ts';
import { createCampaign, importDataset, runCampaign, TINY, tinyDataset } from '../support/tiny-dataset.ts';

const deadlineMs = 10_000;
let test: TestRegistry;
let datasetId: string;

beforeEach(async () => {
  test = await startTestRegistry();
  ({ datasetId } = await importDataset(test.registry, tinyDataset()));
});
afterEach(() => test.close());

async function cyclesOf(campaignId: string): Promise<Cycle[]> {
  return (
    await call(test.registry.listCycles.bind(test.registry), { campaignId, pageSize: 0, pageToken: '' }, { deadlineMs })
  ).cycles;
}

async function regionsOf(campaignId: string): Promise<Region[]> {
  const request = { campaignId, pageSize: 1000, pageToken: '', imageIds: [] };
  return (await call(test.registry.listRegions.bind(test.registry), request, { deadlineMs })).regions;
}

async function labelsOf(campaignId: string): Promise<Label[]> {
  const request = { campaignId, pageSize: 1000, pageToken: '', imageIds: [] };
  return (await call(test.registry.listLabels.bind(test.registry), request, { deadlineMs })).labels;
}

function poolSum({ pool }: Campaign): bigint {
  if (!pool) return -1n;
  return pool.unlabelled + pool.inAnnotation + pool.partlyLabelled + pool.fullyLabelled + pool.excluded;
}

describe('the pool of a campaign', () => {
  it('is listed by id with the state of each image, page after page, and streamed whole', async () => {
    const campaignId = await createCampaign(test.registry, datasetId, { initialImages: 2 });
    const list = (pageToken: string, state: PoolState = PoolState.POOL_STATE_UNSPECIFIED) => {
      const request = { campaignId, state, pageSize: 4, pageToken };
      return call(test.registry.listPoolItems.bind(test.registry), request, { deadlineMs });
    };
    const items: PoolItem[] = [];
    for (let token = '', more = true; more; more = token !== '') {
      const page = await list(token);
      expect(page.items.length).toBeLessThanOrEqual(4);
      items.push(...page.items);
      token = page.nextPageToken;
    }
    expect(items.map(({ imageId }) => imageId)).toEqual(
      Array.from({ length: 10 }, (_, i) => `image-${String(i).padStart(3, '0')}`),
    );
    const asked = items.filter(({ state }) => state === PoolState.POOL_STATE_IN_ANNOTATION);
    expect(asked).toHaveLength(2);
    expect((await list('', PoolState.POOL_STATE_IN_ANNOTATION)).items).toEqual(asked);

    const streamed: (PoolItem | undefined)[] = [];
    const state = PoolState.POOL_STATE_UNSPECIFIED;
    for await (const { item } of messages(test.registry.streamPoolItems({ campaignId, state }))) streamed.push(item);
    expect(streamed).toEqual(items);
  });

  it('is refused where there is no such campaign', async () => {
    const request = { campaignId: 'nobody', state: PoolState.POOL_STATE_UNSPECIFIED };
    const page = { ...request, pageSize: 0, pageToken: '' };
    const refusal = { code: 'NOT_FOUND', field: 'campaign_id' };
    await expect(call(test.registry.listPoolItems.bind(test.registry), page, { deadlineMs })).rejects.toMatchObject(
      refusal,
    );
    await expect(messages(test.registry.streamPoolItems(request)).next()).rejects.toMatchObject(refusal);
  });
});

describe('a campaign', () => {
  it('ends with one model a cycle and every image of the pool in one state', async () => {
    test.startWorkers();
    const campaign = await runCampaign(test.registry, datasetId, { cycles: 3 });

    expect(campaign.state).toBe(CampaignState.CAMPAIGN_STATE_SUCCEEDED);
    expect(poolSum(campaign)).toBe(10n);
    expect(campaign.pool?.inAnnotation).toBe(0n);
    const cycles = await cyclesOf(campaign.campaignId);
    expect(cycles.map((cycle) => cycle.modelId)).toEqual([0, 1, 2].map((cycle) => `${campaign.campaignId}-${cycle}`));
  });

  it('has every image in one state at every moment, and labels no more than its budget', async () => {
    test.startWorkers();
    const campaignId = await createCampaign(test.registry, datasetId, { cycles: 3, budgetImages: 2, regionSizePx: 3 });
    const limit = 2 + 2 * 2;
    let seen = 0;
    for await (const { campaign } of messages(test.registry.watchCampaign({ campaignId }))) {
      expect(campaign && poolSum(campaign)).toBe(10n);
      seen++;
    }
    expect(seen).toBeGreaterThan(3);
    const last = (await cyclesOf(campaignId)).at(-1)?.labelled;
    expect(last?.fraction).toBeLessThanOrEqual(limit / 10);
  });

  it('labels as many regions a cycle as the budget buys, and counts their pixels', async () => {
    test.startWorkers();
    const { campaignId } = await runCampaign(test.registry, datasetId, { cycles: 3, budgetImages: 1, regionSizePx: 5 });

    const regions = await regionsOf(campaignId);
    const expected = Math.round((TINY.height * TINY.width) / 25);
    expect(regions.filter((region) => region.cycle === 0)).toHaveLength(expected);
    expect(regions.filter((region) => region.cycle === 1)).toHaveLength(expected);
    const [first, second] = await cyclesOf(campaignId);
    expect(first?.labelled?.pixels).toBe(BigInt(2 * TINY.height * TINY.width));
    expect(second?.labelled?.pixels).toBe(BigInt(2 * TINY.height * TINY.width + expected * 25));
    expect(second?.labelled?.regions).toBe(BigInt(expected));
    expect(first?.quality?.pickedPixels).toBe(BigInt(expected * 25));
  });

  it('counts what the model had wrong in its picks, in a time of its own', async () => {
    test.startWorkers();
    const { campaignId } = await runCampaign(test.registry, datasetId, { cycles: 2, budgetImages: 1, regionSizePx: 5 });
    const [first, last] = await cyclesOf(campaignId);
    expect(first?.quality?.wrongPixels).toBe(first!.quality!.pickedPixels / 4n);
    expect(first?.quality?.classPixels.reduce((sum, pixels) => sum + pixels, first.quality.voidPixels)).toBe(
      first?.quality?.pickedPixels,
    );
    expect(first?.seconds).toMatchObject({ rate: 1, measure: 1 });
    expect(last?.quality).toBeUndefined();
  });

  it('pays for unlabelled pixels only: windows that reach over labelled ones leave budget for more', async () => {
    const side = 5;
    const unlabelledPixels = 10;
    test.startWorkers(1, {
      async find_regions({ spec }) {
        if (spec?.spec?.$case !== 'findRegions') throw new Error('not a search for regions');
        const tops = [0, 5, 10];
        const candidates = spec.spec.value.images.flatMap(({ imageId }) =>
          tops.map((top) => ({ imageId, top, left: 0, score: 1, unlabelledPixels })),
        );
        return {
          result: { result: { $case: 'findRegions', value: { candidates, previews: [], disputedImages: 1 } } },
          seconds: 1,
        };
      },
    });
    const { campaignId } = await runCampaign(test.registry, datasetId, {
      cycles: 2,
      budgetImages: 1,
      subsetImages: 8,
      regionSizePx: side,
    });
    const budgetPixels = Math.round((TINY.height * TINY.width) / side ** 2) * side ** 2;
    expect(await regionsOf(campaignId)).toHaveLength(Math.floor(budgetPixels / unlabelledPixels));
  });

  it('fails where a worker finds regions that cost nothing', async () => {
    test.startWorkers(1, {
      async find_regions({ spec }) {
        if (spec?.spec?.$case !== 'findRegions') throw new Error('not a search for regions');
        const [image] = spec.spec.value.images;
        const candidates = [{ imageId: image!.imageId, top: 0, left: 0, score: 1, unlabelledPixels: 0 }];
        return {
          result: { result: { $case: 'findRegions', value: { candidates, previews: [], disputedImages: 1 } } },
          seconds: 1,
        };
      },
    });
    const campaign = await runCampaign(test.registry, datasetId, { cycles: 2, regionSizePx: 5 });
    expect(campaign.state).toBe(CampaignState.CAMPAIGN_STATE_FAILED);
    expect(campaign.error).toMatch(/unlabelled_pixels of image-\d+: expected 1 to 25, got 0/);
  });

  it('picks the best candidates over all images, ties by image, top, left', async () => {
    test.startWorkers();
    const { campaignId } = await runCampaign(test.registry, datasetId, { cycles: 2 });
    const order = (await regionsOf(campaignId)).map(
      (region) => [-region.score, region.imageId, region.top, region.left] as const,
    );
    const sorted = order.toSorted(
      (a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : a[2] - b[2] || a[3] - b[3]),
    );
    expect(order).toEqual(sorted);
    expect(new Set(order.map(([score]) => score)).size).toBeLessThan(order.length);
  });

  it('searches for regions in the panoptic subset only', async () => {
    test.startWorkers();
    const { campaignId } = await runCampaign(test.registry, datasetId, { cycles: 2, subsetImages: 3 });
    const [first] = await cyclesOf(campaignId);
    expect(first?.subsetImageIds).toHaveLength(3);
    for (const region of await regionsOf(campaignId)) expect(first?.subsetImageIds).toContain(region.imageId);
  });

  it('fills the subset up where images of it are partly labelled', async () => {
    test.startWorkers();
    const subsetImages = 3;
    const side = 5;
    const { campaignId } = await runCampaign(test.registry, datasetId, {
      cycles: 3,
      subsetImages,
      budgetImages: 1,
      regionSizePx: side,
    });
    const pickedFirst = (await regionsOf(campaignId)).filter((region) => region.cycle === 0);
    const unlabelled = (imageId: string) => {
      const regions = pickedFirst.filter((region) => region.imageId === imageId).length;
      return 1 - (regions * side ** 2) / (TINY.height * TINY.width);
    };
    const subset = (await cyclesOf(campaignId))[1]!.subsetImageIds;
    expect(subset.some((imageId) => unlabelled(imageId) < 1)).toBe(true);
    const content = subset.map(unlabelled).reduce((sum, share) => sum + share, 0);
    expect(content).toBeGreaterThanOrEqual(subsetImages);
    expect(content - unlabelled(subset.at(-1)!)).toBeLessThan(subsetImages);
  });

  it('with the random strategy labels whole images, none of them twice', async () => {
    test.startWorkers();
    const { campaignId, pool } = await runCampaign(test.registry, datasetId, {
      strategy: 'random',
      cycles: 4,
      budgetImages: 2,
    });
    expect(pool).toMatchObject({ fullyLabelled: 8n, unlabelled: 2n });
    const images = (await regionsOf(campaignId)).map((region) => region.imageId);
    expect(new Set(images).size).toBe(6);
  });

  it('selects the same regions with one worker and with three', async () => {
    const config = { cycles: 3, subsetImages: 8 };
    test.startWorkers(1);
    const alone = await runCampaign(test.registry, datasetId, config);
    const aloneRegions = await regionsOf(alone.campaignId);
    const aloneLabels = await labelsOf(alone.campaignId);

    const other = await startTestRegistry();
    try {
      await importDataset(other.registry, tinyDataset());
      other.startWorkers(3);
      const { campaignId } = await runCampaign(other.registry, datasetId, config);
      const request = { campaignId, pageSize: 1000, pageToken: '', imageIds: [] };
      expect((await call(other.registry.listRegions.bind(other.registry), request, { deadlineMs })).regions).toEqual(
        aloneRegions,
      );
      expect((await call(other.registry.listLabels.bind(other.registry), request, { deadlineMs })).labels).toEqual(
        aloneLabels,
      );
    } finally {
      await other.close();
    }
  });

  it('with another seed starts from other images', async () => {
    test.startWorkers();
    const one = await runCampaign(test.registry, datasetId, { cycles: 1, seed: 1 });
    const two = await runCampaign(test.registry, datasetId, { cycles: 1, seed: 2 });
    const images = async (id: string) => (await labelsOf(id)).map((label) => label.imageId);
    expect(await images(one.campaignId)).not.toEqual(await images(two.campaignId));
  });

  it('trains equal work once: a second strategy takes the first cycle from the store', async () => {
    let trainings = 0;
    const { trainByCounting } = countTrainings(test, () => trainings++);
    test.startWorkers(1, { train: trainByCounting });
    await runCampaign(test.registry, datasetId, { strategy: 'cpral', cycles: 1 });
    const control = await runCampaign(test.registry, datasetId, { strategy: 'random', cycles: 1 });
    expect(control.state).toBe(CampaignState.CAMPAIGN_STATE_SUCCEEDED);
    expect(trainings).toBe(1);
  });
});

function countTrainings({ objects }: TestRegistry, count: () => void) {
  return {
    async trainByCounting() {
      count();
      const weights = await objects.put(Buffer.from('weights'));
      const evaluation = {
        miou: 0.5,
        iou: [0.5, 0.5, 0.5],
        pixelAccuracy: 0.5,
        confusion: new Array(9).fill(1n),
        predictedPixels: [3n, 3n, 3n],
      };
      const value = { weights, evaluation, loss: 1, steps: 1, lossCurve: [] };
      return { result: { result: { $case: 'train' as const, value } }, seconds: 1 };
    },
  };
}
