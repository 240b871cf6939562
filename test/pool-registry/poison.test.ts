// Images on which work fails, whatever is tried: they are found, set aside with their cause, and the rest goes on.
import { and, eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type Campaign,
  CampaignState,
  PoolState,
  type WorkItem,
  WorkItemState,
} from '../../proto/gen/cpral/v1/resources.ts';
import type { WorkLease, WorkSpec } from '../../proto/gen/cpral/v1/work.ts';
import { imagesOf } from '../../services/pool-registry/campaign/split-spec.ts';
import { poolItems } from '../../services/pool-registry/schema.ts';
import { CpralError, invalid } from '../../services/shared/errors.ts';
import { call } from '../../services/shared/grpc/client.ts';
import type { WorkHandler } from '../../services/shared/worker/worker-service.ts';
import { startTestRegistry, type TestRegistry } from '../support/registry.ts';
import { createCampaign, importDataset, runCampaign, tinyDataset, untilEnded } from '../support/tiny-dataset.ts';

const deadlineMs = 10_000;
const POISON = 'image-004';
const CAUSE = 'the picture bites';
const POOL = 10;

let test: TestRegistry;
let datasetId: string;
beforeEach(async () => {
  test = await startTestRegistry();
  ({ datasetId } = await importDataset(test.registry, tinyDataset({ train: POOL })));
});
afterEach(() => test.close());

const has = (spec: WorkSpec | undefined, imageId: string) => spec !== undefined && imagesOf(spec).includes(imageId);

function biting(kind: 'rate' | 'find_regions', imageIds: readonly string[], bite: () => CpralError): WorkHandler {
  return async (lease, options) => {
    if (imageIds.some((imageId) => has(lease.spec, imageId))) throw bite();
    return test.scripted(kind)(lease, options);
  };
}

const permanent = () => invalid(CAUSE);

async function itemsIn(campaignId: string, states: WorkItemState[]): Promise<WorkItem[]> {
  const request = { campaignId, states, pageSize: 0, pageToken: '' };
  return (await call(test.registry.listWorkItems.bind(test.registry), request, { deadlineMs })).items;
}

async function regionImages(campaignId: string): Promise<Set<string>> {
  const request = { campaignId, pageSize: 1000, pageToken: '' };
  const { regions } = await call(test.registry.listRegions.bind(test.registry), request, { deadlineMs });
  return new Set(regions.map((region) => region.imageId));
}

const redrive = (request: { itemIds?: string[]; campaignId?: string; requestId?: string }) =>
  call(
    test.registry.redriveWorkItems.bind(test.registry),
    { itemIds: [], campaignId: '', requestId: '', ...request },
    { deadlineMs },
  );

function expectExcluded(campaign: Campaign): void {
  expect(campaign.state).toBe(CampaignState.CAMPAIGN_STATE_SUCCEEDED);
  expect(campaign.pool?.excluded).toBe(1n);
  expect(campaign.excludedImages).toEqual([
    { imageId: POISON, cause: expect.stringContaining(CAUSE), itemId: expect.stringContaining(campaign.campaignId) },
  ]);
}

describe('an image that fails every shard it is in', () => {
  it.each(['rate', 'find_regions'] as const)('is excluded alone in %s, and the campaign ends', async (kind) => {
    test.startWorkers(2, { [kind]: biting(kind, [POISON], permanent) });
    const campaign = await runCampaign(test.registry, datasetId, { cycles: 3, subsetImages: 8 });
    expectExcluded(campaign);
    expect(await regionImages(campaign.campaignId)).not.toContain(POISON);
    const { WORK_ITEM_STATE_PARKED, WORK_ITEM_STATE_SPLIT } = WorkItemState;
    const parked = await itemsIn(campaign.campaignId, [WORK_ITEM_STATE_PARKED]);
    expect(parked).toMatchObject([
      { kind, cause: expect.stringContaining(CAUSE), itemId: campaign.excludedImages[0]?.itemId },
    ]);
    expect((await itemsIn(campaign.campaignId, [WORK_ITEM_STATE_SPLIT])).length).toBeGreaterThanOrEqual(2);
  });

  it('keeps its place and its label where only its measuring fails, and the picks have no count of what was wrong', async () => {
    let poison: string | undefined;
    const trained: string[] = [];
    test.startWorkers(1, {
      async rate(lease, options) {
        if (lease.spec?.spec?.$case !== 'measurePicks') return test.scripted('rate')(lease, options);
        poison ??= imagesOf(lease.spec)[0]!;
        if (has(lease.spec, poison)) throw permanent();
        return test.scripted('rate')(lease, options);
      },
      async train(lease, options) {
        const spec = lease.spec?.spec;
        if (spec?.$case === 'train' && lease.cycle === 1) trained.push(...spec.value.train.map((one) => one.imageId));
        return test.scripted('train')(lease, options);
      },
    });
    const config = { strategy: 'random', cycles: 2, budgetImages: 4 };
    const { campaignId, state, pool } = await runCampaign(test.registry, datasetId, config);
    expect(state).toBe(CampaignState.CAMPAIGN_STATE_SUCCEEDED);
    expect(pool).toMatchObject({ excluded: 0n, fullyLabelled: 6n, inAnnotation: 0n });
    expect(trained).toContain(poison);
    const { cycles } = await call(
      test.registry.listCycles.bind(test.registry),
      { campaignId, pageSize: 0, pageToken: '' },
      { deadlineMs },
    );
    expect(cycles[0]?.quality).toMatchObject({ pickedPixels: expect.any(BigInt), wrongPixels: undefined });
    const [parked] = await itemsIn(campaignId, [WorkItemState.WORK_ITEM_STATE_PARKED]);
    expect(parked).toMatchObject({ kind: 'rate', cause: expect.stringContaining(CAUSE) });

    // Were it excluded by other work, this item would not let it in again.
    const ofPoison = and(eq(poolItems.campaignId, campaignId), eq(poolItems.imageId, poison!));
    const excluded = { state: PoolState.POOL_STATE_EXCLUDED, excludedCause: CAUSE, excludedItemId: 'another' };
    await test.db.update(poolItems).set(excluded).where(ofPoison);
    await redrive({ itemIds: [parked!.itemId] });
    expect(await test.db.select().from(poolItems).where(ofPoison)).toMatchObject([excluded]);
  });

  it('leaves the selections among the others as they are where nothing fails', async () => {
    test.startWorkers(1, { rate: biting('rate', [POISON], permanent) });
    const { campaignId } = await runCampaign(test.registry, datasetId, { cycles: 2, subsetImages: 3, seed: 5 });
    const withPoison = await regionImages(campaignId);
    const other = await startTestRegistry();
    try {
      const imported = await importDataset(other.registry, tinyDataset({ train: POOL }));
      other.startWorkers();
      const healthy = await runCampaign(other.registry, imported.datasetId, { cycles: 2, subsetImages: 3, seed: 5 });
      const request = { campaignId: healthy.campaignId, pageSize: 1000, pageToken: '' };
      const { regions } = await call(other.registry.listRegions.bind(other.registry), request, { deadlineMs });
      const images = new Set(regions.map((region) => region.imageId));
      // The poison's place in the subset goes to the next one; whoever was in it before stays.
      expect([...images].filter((imageId) => imageId !== POISON).every((imageId) => withPoison.has(imageId))).toBe(
        true,
      );
    } finally {
      await other.close();
    }
  });

  it('is not counted against its campaign before it has failed three times by itself', async () => {
    let alone = 0;
    test.startWorkers(1, {
      async rate(lease, options) {
        if (!has(lease.spec, POISON)) return test.scripted('rate')(lease, options);
        if (imagesOf(lease.spec!).length === 1) alone++;
        throw new CpralError('UNAVAILABLE', CAUSE, { reason: 'COMPUTE_CRASHED' });
      },
    });
    expectExcluded(await runCampaign(test.registry, datasetId, { cycles: 2 }));
    expect(alone).toBe(3);
  });

  it('ends the campaign where the pool has many of them: then it is not the images', async () => {
    const all = Array.from({ length: POOL }, (_, i) => `image-${String(i).padStart(3, '0')}`);
    test.startWorkers(1, { rate: biting('rate', all, permanent) });
    const campaign = await runCampaign(test.registry, datasetId, { cycles: 2 });
    expect(campaign.state).toBe(CampaignState.CAMPAIGN_STATE_FAILED);
    expect(campaign.error).toMatch(
      /work on more than 2 of 10 images fails, the last of them image-\d+: the picture bites/,
    );
  });

  it('is let in again by a redrive, from the next cycle on', async () => {
    let isPoison = true;
    const training = Promise.withResolvers<void>();
    const mended = Promise.withResolvers<void>();
    test.startWorkers(1, {
      rate: (lease, options) =>
        isPoison ? biting('rate', [POISON], permanent)(lease, options) : test.scripted('rate')(lease, options),
      async train(lease: WorkLease, options) {
        if (lease.cycle === 1) {
          training.resolve();
          await mended.promise;
        }
        return test.scripted('train')(lease, options);
      },
    });
    const campaignId = await createCampaign(test.registry, datasetId, { cycles: 3, subsetImages: 8 });
    await training.promise;
    const [parked] = await itemsIn(campaignId, [WorkItemState.WORK_ITEM_STATE_PARKED]);
    isPoison = false;
    const { items } = await redrive({ itemIds: [parked!.itemId] });
    expect(items).toMatchObject([{ itemId: parked!.itemId, state: WorkItemState.WORK_ITEM_STATE_CANCELLED }]);
    mended.resolve();
    const campaign = await untilEnded(test.registry, campaignId);
    expect(campaign.state).toBe(CampaignState.CAMPAIGN_STATE_SUCCEEDED);
    expect(campaign.pool?.excluded).toBe(0n);
    expect(campaign.excludedImages).toEqual([]);
  });
});

describe('a redrive', () => {
  it('resumes a campaign that failed by its training, once for one request_id', async () => {
    let isBroken = true;
    test.startWorkers(1, {
      async train(lease, options) {
        if (isBroken) throw permanent();
        return test.scripted('train')(lease, options);
      },
    });
    const { campaignId, state } = await runCampaign(test.registry, datasetId, { cycles: 2 });
    expect(state).toBe(CampaignState.CAMPAIGN_STATE_FAILED);
    isBroken = false;
    const request = { campaignId, requestId: 'once' };
    const { items } = await redrive(request);
    expect(items).toMatchObject([{ kind: 'train', attempts: 0, failures: 0, cause: '' }]);
    expect((await untilEnded(test.registry, campaignId)).state).toBe(CampaignState.CAMPAIGN_STATE_SUCCEEDED);
    expect(await redrive(request)).toEqual({ items });
  });

  it('is refused for items that are not parked, not there, or not named', async () => {
    const campaignId = await createCampaign(test.registry, datasetId, {});
    await expect(redrive({ itemIds: [`${campaignId}/0/1/0`] })).rejects.toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'WORK_ITEM_NOT_PARKED',
    });
    await expect(redrive({ itemIds: ['none'] })).rejects.toMatchObject({ code: 'NOT_FOUND', field: 'item_ids' });
    await expect(redrive({})).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field: 'item_ids' });
    await expect(redrive({ itemIds: ['a'], campaignId })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});

describe('the list of work', () => {
  it('comes in pages, oldest first, in the states that were asked for', async () => {
    test.startWorkers();
    const { campaignId } = await runCampaign(test.registry, datasetId, { cycles: 2 });
    const states = [WorkItemState.WORK_ITEM_STATE_DONE];
    const list = (pageToken: string) =>
      call(
        test.registry.listWorkItems.bind(test.registry),
        { campaignId, states, pageSize: 2, pageToken },
        { deadlineMs },
      );
    const kinds: string[] = [];
    for (let pageToken = ''; ; ) {
      const page = await list(pageToken);
      expect(page.items.length).toBeLessThanOrEqual(2);
      kinds.push(...page.items.map((item) => item.kind));
      pageToken = page.nextPageToken;
      if (!pageToken) break;
    }
    expect(kinds[0]).toBe('annotate');
    expect(kinds.at(-1)).toBe('train');
    expect(await itemsIn(campaignId, [])).toEqual([]);
    await expect(itemsIn(campaignId, [99 as WorkItemState])).rejects.toMatchObject({ field: 'states' });
  });
});
