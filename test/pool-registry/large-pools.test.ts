// What holds of a pool that is read by pages and picked from by index: the same as if all of it were looked at.
import { and, eq, type SQL, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RateSpec } from '../../proto/gen/cpral/v1/panoptic_scorer.ts';
import {
  CampaignConfig,
  CampaignStep,
  Model,
  type PanopticScore,
  PoolState,
  Split,
} from '../../proto/gen/cpral/v1/resources.ts';
import { TrainingSamples, TrainSpec } from '../../proto/gen/cpral/v1/trainer.ts';
import type { WorkSpec } from '../../proto/gen/cpral/v1/work.ts';
import { all } from '../../services/cli/client.ts';
import { type CampaignRow, readCampaign } from '../../services/pool-registry/campaign/campaign-row.ts';
import { cycleBudget } from '../../services/pool-registry/campaign/cycle-budget.ts';
import { keepSubset } from '../../services/pool-registry/campaign/keep-subset.ts';
import { annotate } from '../../services/pool-registry/campaign/steps/annotate.ts';
import { findRegions } from '../../services/pool-registry/campaign/steps/find-regions.ts';
import { rate } from '../../services/pool-registry/campaign/steps/rate.ts';
import { train } from '../../services/pool-registry/campaign/steps/train.ts';
import { insertWork } from '../../services/pool-registry/campaign/work-items.ts';
import type { OpenDatabase, Transaction } from '../../services/pool-registry/database.ts';
import {
  campaigns,
  datasets,
  images,
  labels,
  models,
  poolItems,
  ratings,
  regions,
  workItems,
} from '../../services/pool-registry/schema.ts';
import { openList } from '../../services/shared/objects/stored-list.ts';
import { seededRandom } from '../../services/shared/random.ts';
import { presetConfig } from '../support/campaign-config.ts';
import { openTestDatabase } from '../support/database.ts';
import { memoryObjectStore } from '../support/memory-object-store.ts';

/** More than the steps read at once, and no multiple of a shard. */
const IMAGES = 1_700;
const IMAGE_PIXELS = 12 * 18;
const object = { digest: `sha256/${'0'.repeat(64)}`, sizeBytes: '1' };
const idOf = (i: number) => `image-${i % 2 === 0 ? 'B' : 'a'}${String(i).padStart(5, '0')}`;
const IDS = Array.from({ length: IMAGES }, (_, i) => idOf(i)).sort();

let database: OpenDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  const { db } = database;
  const [dataset] = await db
    .insert(datasets)
    .values({ datasetId: 'large', displayName: 'Large', classMap: { classes: [{ name: 'road' }, { name: 'sky' }] } })
    .returning();
  const config = presetConfig({ strategy: 'cpral-paper', subsetImages: 40, budgetImages: 20, regionSizePx: 5 });
  await db.insert(campaigns).values({
    ...{ campaignId: 'large', datasetKey: dataset!.key, config: CampaignConfig.toJSON(config), configDigest: '' },
    ...{ state: 1, step: CampaignStep.CAMPAIGN_STEP_RATE },
  });
  const model = Model.toJSON(Model.fromPartial({ weights: { digest: object.digest }, evaluation: {} }));
  await db.insert(models).values({ modelId: 'large-0', campaignId: 'large', cycle: 0, model });
  const size = { height: 12, width: 18, split: Split.SPLIT_TRAIN, datasetKey: dataset!.key };
  await db.insert(images).values(IDS.map((imageId) => ({ imageId, ...size, image: object, groundTruth: object })));
  const state = PoolState.POOL_STATE_UNLABELLED;
  await db.insert(poolItems).values(IDS.map((imageId) => ({ campaignId: 'large', imageId, state })));
});
afterAll(() => database.close());

const SAMPLES = { field: 'train', decode: (page: Uint8Array) => TrainingSamples.decode(page).samples };
const store = memoryObjectStore();

class RollBack extends Error {}

/** Whatever is done is undone in the end. */
async function tried(run: (tx: Transaction, campaign: CampaignRow) => Promise<void>): Promise<void> {
  const done = database.db.transaction(async (tx) => {
    await run(tx, await readCampaign(tx, 'large'));
    throw new RollBack();
  });
  await expect(done).rejects.toBeInstanceOf(RollBack);
}

/** Ties are common, and some images are labelled but for a few pixels: the front that is looked at first does not suffice. */
async function rateAll(tx: Transaction) {
  const random = seededRandom('large-pools', 1);
  const rows = IDS.map((imageId, i) => ({
    imageId,
    rating: Math.floor(20 * random()),
    unlabelled: i % 3 === 0 ? IMAGE_PIXELS : 1 + (i % 7),
  }));
  await tx
    .insert(ratings)
    .values(rows.map(({ imageId, rating }) => ({ campaignId: 'large', cycle: 0, imageId, rating })));
  const partly = rows.filter((row) => row.unlabelled < IMAGE_PIXELS);
  const masks = { classes: object, origins: object };
  await tx.insert(labels).values(
    partly.map(({ imageId, unlabelled }) => ({
      ...{ campaignId: 'large', imageId, cycle: 0, masks, labelledPixels: IMAGE_PIXELS - unlabelled },
    })),
  );
  return rows;
}

describe('a step over a pool', () => {
  it('cuts it into the same shards as if all of it were there at once', async () => {
    await tried(async (tx, campaign) => {
      const found = (await all(rate.enter(tx, campaign, store))).map(({ spec }) =>
        spec?.$case === 'rate' ? spec.value.images.map(({ imageId }) => imageId) : [],
      );
      expect(found.flat()).toEqual(IDS);
      expect(found.map((shard) => shard.length)).toEqual([...Array(53).fill(32), 4]);
    });
  });

  it('stores its work as it is made, not when all of it is there', async () => {
    await tried(async (tx, campaign) => {
      let stored = 0;
      async function* work(): AsyncGenerator<WorkSpec> {
        for (let i = 0; i < 250; i++) {
          yield { spec: { $case: 'rate', value: RateSpec.fromPartial({ score: i as PanopticScore }) } };
        }
        stored = await tx.$count(workItems, eq(workItems.campaignId, 'large'));
      }
      await insertWork(tx, campaign, work());
      expect(stored).toBe(200);
      expect(await tx.$count(workItems, eq(workItems.campaignId, 'large'))).toBe(250);
    });
  });
});

describe('a training', () => {
  const label = (tx: Transaction, imageIds: readonly string[]) => {
    const masks = { classes: object, origins: object };
    return tx
      .insert(labels)
      .values(imageIds.map((imageId) => ({ campaignId: 'large', imageId, cycle: 0, masks, labelledPixels: 1 })));
  };
  const specOf = async (tx: Transaction, campaign: CampaignRow) => {
    const [work] = await all(train.enter(tx, campaign, store));
    if (work?.spec?.$case !== 'train') throw new Error('expected a training');
    return work.spec.value;
  };

  it('names a long list of samples by its pages, all of them in order, and equal lists alike', async () => {
    const found: TrainSpec[] = [];
    for (let time = 0; time < 2; time++) {
      await tried(async (tx, campaign) => {
        await label(tx, IDS);
        const spec = await specOf(tx, campaign);
        const samples = openList(store, { inline: spec.train, stored: spec.storedTrain }, SAMPLES);
        expect((await all(samples)).map(({ imageId }) => imageId)).toEqual(IDS);
        found.push(spec);
      });
    }
    const [one, two] = found;
    expect(one!.train).toEqual([]);
    expect(TrainSpec.encode(one!).finish().length).toBeLessThan(2_000);
    expect(two).toEqual(one);
  });

  it('leaves out what is excluded, and keeps a short list in the message', async () => {
    await tried(async (tx, campaign) => {
      await label(tx, IDS.slice(0, 50));
      const excluded = and(eq(poolItems.campaignId, 'large'), eq(poolItems.imageId, IDS[7]!));
      await tx.update(poolItems).set({ state: PoolState.POOL_STATE_EXCLUDED }).where(excluded);
      const { train: samples, storedTrain } = await specOf(tx, campaign);
      expect(storedTrain).toBeUndefined();
      expect(samples.map(({ imageId }) => imageId)).toEqual(IDS.slice(0, 50).toSpliced(7, 1));
    });
  });
});

describe('the panoptic subset', () => {
  it('is the front of the whole order, as long as the wanted pixels last', async () => {
    await tried(async (tx, campaign) => {
      const rows = await rateAll(tx);
      const order = rows.toSorted((a, b) => b.rating - a.rating || (a.imageId < b.imageId ? -1 : 1));
      const expected: string[] = [];
      let pixels = 0;
      for (const { imageId, unlabelled } of order) {
        if (pixels >= 40 * IMAGE_PIXELS) break;
        expected.push(imageId);
        pixels += unlabelled;
      }
      const work = await all(findRegions.enter(tx, campaign, store));
      const found = work.flatMap(({ spec }) => (spec?.$case === 'findRegions' ? spec.value.images : []));
      expect(found.map(({ imageId }) => imageId)).toEqual(expected);
      expect(found.filter(({ origins }) => origins === undefined)).toHaveLength(
        order.filter(({ unlabelled }, i) => i < expected.length && unlabelled === IMAGE_PIXELS).length,
      );
    });
  });
});

describe('a longer look at the best', () => {
  it('leaves every rank as the shorter one wrote it, and adds more behind them', async () => {
    await tried(async (tx, campaign) => {
      await rateAll(tx);
      const looks: string[][] = [];
      const watched = {
        async execute(query: SQL) {
          const answer = await tx.execute(query);
          const ofCycle = and(eq(ratings.campaignId, 'large'), sql`${ratings.subsetRank} is not null`);
          const ranked = await tx.select().from(ratings).where(ofCycle).orderBy(ratings.subsetRank);
          expect(ranked.map(({ subsetRank }) => subsetRank)).toEqual(ranked.map((_, place) => place));
          looks.push(ranked.map(({ imageId }) => imageId));
          return answer;
        },
      };
      const wide = { ...campaign, config: { ...campaign.config, subsetImages: 150 } };
      await keepSubset(watched as unknown as Transaction, wide);
      expect(looks.length).toBeGreaterThan(1);
      for (const [i, ranked] of looks.entries()) {
        expect(ranked.length).toBeGreaterThan(looks[i - 1]?.length ?? 0);
        expect(ranked.slice(0, looks[i - 1]?.length ?? 0)).toEqual(looks[i - 1] ?? []);
      }
    });
  });
});

describe('the best regions', () => {
  it('are the front of the whole order, as long as the budget lasts', async () => {
    await tried(async (tx, campaign) => {
      const random = seededRandom('large-pools', 2);
      const rows = IDS.map((imageId, i) => ({
        ...{ campaignId: 'large', cycle: 0, imageId, top: 0, left: i % 3, height: 5, width: 5 },
        ...{ score: Math.floor(10 * random()), unlabelledPixels: 1 + (i % 5) },
      }));
      await tx.insert(regions).values(rows);
      const order = rows.toSorted((a, b) => b.score - a.score || (a.imageId < b.imageId ? -1 : 1));
      const budget = cycleBudget(campaign).pixels;
      const expected: string[] = [];
      let pixels = 0;
      for (const { imageId, unlabelledPixels } of order) {
        pixels += unlabelledPixels;
        if (pixels > budget) break;
        expected.push(imageId);
      }
      // Picked before the first piece of work is there.
      await annotate.enter(tx, campaign, store)[Symbol.asyncIterator]().next();
      const ofCampaign = and(eq(regions.campaignId, 'large'), sql`${regions.rank} is not null`);
      const picked = await tx.select().from(regions).where(ofCampaign).orderBy(regions.rank);
      expect(picked.map(({ imageId }) => imageId)).toEqual(expected);
      expect(picked.map(({ rank }) => rank)).toEqual(expected.map((_, place) => place));
    });
  });
});

describe('the order of', () => {
  const of = "campaign_id = 'large' and cycle = 0";
  it.each([
    ['ratings, best first', `select image_id from ratings where ${of} order by rating desc, image_id limit 9`],
    ['the subset', `select image_id from ratings where ${of} and subset_rank is not null order by subset_rank limit 9`],
    ['regions, best first', `select 1 from regions where ${of} order by score desc, image_id, top, "left" limit 9`],
    ['the pool', `select 1 from pool_items where campaign_id = 'large' and image_id > 'b' order by image_id limit 9`],
    ['a state', `select 1 from pool_items where campaign_id = 'large' and state = 1 order by image_id limit 9`],
    ['a dataset', `select 1 from images where dataset_key = 1 order by image_id collate "C" limit 9`],
    ['a split', `select 1 from images where dataset_key = 1 and split = 2 order by image_id limit 9`],
    ['work items', `select 1 from work_items where campaign_id = 'large' order by create_time, item_id limit 9`],
    ['events to publish', 'select 1 from outbox where event_type is not null order by id limit 9'],
  ])('%s is read from an index, never sorted', async (_, query) => {
    await tried(async (tx) => {
      await tx.execute(sql`set local enable_sort = off`);
      const { rows } = (await tx.execute(sql.raw(`explain ${query}`))) as unknown as { rows: object[] };
      expect(JSON.stringify(rows)).not.toContain('Sort');
    });
  });
});
