// What a turn of the reconciler mends, and what it must not let one campaign do to others.
import { eq, isNotNull } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CampaignConfig, CampaignState, CampaignStep } from '../../proto/gen/cpral/v1/resources.ts';
import { readCampaign } from '../../services/pool-registry/campaign/campaign-row.ts';
import { reopenCampaign } from '../../services/pool-registry/campaign/redrive.ts';
import { findTwin, type WorkItemRow } from '../../services/pool-registry/campaign/work-items.ts';
import { Changes, type RegistryContext } from '../../services/pool-registry/context.ts';
import type { OpenDatabase } from '../../services/pool-registry/database.ts';
import { createReconciler, RECONCILE_INTERVAL_MS } from '../../services/pool-registry/reconciler.ts';
import { campaigns, datasets, operations, outbox, workItems } from '../../services/pool-registry/schema.ts';
import { memoryBus } from '../../services/shared/bus/memory-bus.ts';
import { presetConfig } from '../support/campaign-config.ts';
import { openTestDatabase } from '../support/database.ts';
import { memoryObjectStore } from '../support/memory-object-store.ts';
import { silent } from '../support/silent.ts';

const START = Date.UTC(2026, 0, 1);
const LEASE_MS = 30_000;
const { CAMPAIGN_STATE_RUNNING, CAMPAIGN_STATE_FAILED } = CampaignState;
const { CAMPAIGN_STEP_INITIAL_LABELS, CAMPAIGN_STEP_TRAIN, CAMPAIGN_STEP_RATE } = CampaignStep;

let database: OpenDatabase;
let datasetKey: number;
let nowMs: number;
let context: RegistryContext;

beforeAll(async () => {
  database = await openTestDatabase();
  const classMap = { classes: [{ name: 'road' }, { name: 'sky' }] };
  const [dataset] = await database.db
    .insert(datasets)
    .values({ datasetId: 'tiny', displayName: 'Tiny', classMap })
    .returning();
  datasetKey = dataset!.key;
});
afterAll(() => database.close());

beforeEach(() => {
  nowMs = START;
  const clock = { now: () => nowMs, sleep: async () => {} };
  context = {
    ...{ db: database.db, objects: memoryObjectStore(), bus: memoryBus(), log: silent },
    ...{ clock, changes: new Changes(clock), leaseMs: LEASE_MS },
  };
});
afterEach(async () => {
  await database.db.delete(campaigns);
});

let campaignsMade = 0;

/** The later it is made, the younger it is. */
async function campaignIn(campaignId: string, step: CampaignStep): Promise<void> {
  const config = CampaignConfig.toJSON(presetConfig({}));
  const createTime = new Date(START + campaignsMade++);
  await database.db.insert(campaigns).values({
    ...{ campaignId, datasetKey, config, configDigest: '', state: CAMPAIGN_STATE_RUNNING, step, createTime },
  });
  await database.db.insert(operations).values({ operationId: `operation-${campaignId}`, campaignId });
}

/** Its step is done, and the next one needs a model that is not there. */
const stuckCampaign = (campaignId: string) => campaignIn(campaignId, CAMPAIGN_STEP_RATE);
/** Its step is done. */
const readyCampaign = (campaignId: string) => campaignIn(campaignId, CAMPAIGN_STEP_INITIAL_LABELS);

async function openItems(campaignId: string, count: number): Promise<string[]> {
  await campaignIn(campaignId, CAMPAIGN_STEP_RATE);
  const itemIds = Array.from({ length: count }, (_, i) => `${campaignId}/0/3/${i}`);
  const common = { campaignId, cycle: 0, step: CAMPAIGN_STEP_RATE, kind: 'rate', spec: {}, specDigest: '' };
  const state = 'open' as const;
  await database.db
    .insert(workItems)
    .values(itemIds.map((itemId) => ({ itemId, ...common, state, notBefore: new Date(0) })));
  return itemIds;
}

/** Whose lease expired at the start of time. */
async function leasedItem(campaignId: string, item: Partial<typeof workItems.$inferInsert> = {}): Promise<string> {
  const itemId = `${campaignId}/0/3/0`;
  await database.db.insert(workItems).values({
    ...{ itemId, campaignId, cycle: 0, step: CAMPAIGN_STEP_RATE, kind: 'rate', spec: {}, specDigest: '' },
    ...{ state: 'leased', attempts: 1, leaseExpireTime: new Date(START), ...item },
  });
  return itemId;
}

async function stateOf(itemId: string): Promise<string | undefined> {
  const [row] = await database.db.select().from(workItems).where(eq(workItems.itemId, itemId));
  return row?.state;
}

/** Of a bus that has lost all; a turn's messages. */
function published(): () => string[] {
  const ids: string[] = [];
  context = { ...context, bus: { ...context.bus, publishWork: async (_, { itemId }) => void ids.push(itemId) } };
  return () => ids.splice(0);
}

async function campaignNow(campaignId: string) {
  const [row] = await database.db.select().from(campaigns).where(eq(campaigns.campaignId, campaignId));
  return row!;
}

describe('a campaign that cannot enter its next step', () => {
  it('keeps no other one from moving', async () => {
    await stuckCampaign('older');
    await readyCampaign('younger');
    await createReconciler(context)();
    expect(await campaignNow('younger')).toMatchObject({ step: CAMPAIGN_STEP_TRAIN });
    expect(await campaignNow('older')).toMatchObject({ step: CAMPAIGN_STEP_RATE, state: CAMPAIGN_STATE_RUNNING });
  });

  it('is tried for minutes, and then fails with the cause', async () => {
    await stuckCampaign('stuck');
    const reconcile = createReconciler(context);
    for (const minutes of [0, 1, 2, 3, 4, 5, 6, 7]) {
      nowMs = START + minutes * 60_000;
      await reconcile();
      expect((await campaignNow('stuck')).state).toBe(CAMPAIGN_STATE_RUNNING);
      // At once again: not yet tried.
      await reconcile();
    }
    for (const minutes of [8, 9, 15, 30]) {
      nowMs = START + minutes * 60_000;
      await reconcile();
    }
    expect(await campaignNow('stuck')).toMatchObject({
      state: CAMPAIGN_STATE_FAILED,
      error:
        'its next step could not be entered, tried 8 times: assertion failed: a cycle is scored after its training',
    });
    const [operation] = await database.db.select().from(operations).where(eq(operations.campaignId, 'stuck'));
    expect(operation).toMatchObject({ done: true });
  });

  it('is not failed by a database that is away, however long', async () => {
    await stuckCampaign('older');
    const refused = Object.assign(new Error('the disk is full'), { code: '53100' });
    const db = Object.assign(Object.create(database.db), { transaction: () => Promise.reject(refused) });
    const reconcile = createReconciler({ ...context, db });
    for (let turn = 0; turn < 20; turn++) {
      nowMs += 3_600_000;
      await expect(reconcile()).rejects.toBe(refused);
    }
    expect((await campaignNow('older')).state).toBe(CAMPAIGN_STATE_RUNNING);
  });
});

describe('a lease that ran out', () => {
  let itemId: string;
  beforeEach(async () => {
    await campaignIn('one', CAMPAIGN_STEP_RATE);
    itemId = await leasedItem('one');
    nowMs = START + 1;
  });
  const turnsOver = async (durationMs: number, turn: () => Promise<void>) => {
    for (const endMs = nowMs + durationMs; nowMs < endMs; nowMs += RECONCILE_INTERVAL_MS) await turn();
  };

  it('is not taken back before the registry was there for a lease: until then its worker may renew it', async () => {
    const reconcile = createReconciler(context);
    await turnsOver(LEASE_MS, reconcile);
    expect(await stateOf(itemId)).toBe('leased');
    await reconcile();
    expect(await stateOf(itemId)).toBe('open');
  });

  it('is taken back by a machine that is so slow that each of its turns is late', async () => {
    const reconcile = createReconciler(context);
    for (let turn = 0; turn < 3; turn++) {
      await reconcile();
      nowMs += 25_000;
    }
    expect(await stateOf(itemId)).toBe('open');
  });

  describe('while turns come regularly', () => {
    const OUTAGE_MS = 18_000;
    let isAway: boolean;
    let reconcile: () => Promise<void>;
    beforeEach(async () => {
      isAway = false;
      reconcile = createReconciler(context, async (_, turn) => {
        if (isAway) throw new Error('the database is away');
        return turn();
      });
      await database.db.update(workItems).set({ leaseExpireTime: new Date(START + 2 * LEASE_MS) });
      await turnsOver(2 * LEASE_MS - RECONCILE_INTERVAL_MS, reconcile);
    });
    const outage = async (durationMs: number) => {
      isAway = true;
      await turnsOver(durationMs, () => expect(reconcile()).rejects.toThrow('away'));
      isAway = false;
    };

    it('is taken back at once, though one of them failed', async () => {
      await outage(RECONCILE_INTERVAL_MS);
      await turnsOver(2 * RECONCILE_INTERVAL_MS, reconcile);
      expect(await stateOf(itemId)).toBe('open');
    });

    it('is not taken back for a lease after the database was away', async () => {
      await outage(OUTAGE_MS);
      await turnsOver(LEASE_MS, reconcile);
      expect(await stateOf(itemId)).toBe('leased');
      await reconcile();
      expect(await stateOf(itemId)).toBe('open');
    });

    it('is not taken back for a lease after the machine slept', async () => {
      nowMs += 60 * LEASE_MS;
      await turnsOver(LEASE_MS, reconcile);
      expect(await stateOf(itemId)).toBe('leased');
      await reconcile();
      expect(await stateOf(itemId)).toBe('open');
    });
  });
});

describe('open work', () => {
  it('is all published after some turns, and then from the front again', async () => {
    const itemIds = (await openItems('large', 2_300)).sort();
    const turn = published();
    const reconcile = createReconciler(context);
    const pages: string[][] = [];
    for (let i = 0; i < 4; i++) {
      await reconcile();
      pages.push(turn());
    }
    expect(pages.map((page) => page.length)).toEqual([1_000, 1_000, 300, 1_000]);
    expect(pages.slice(0, 3).flat()).toEqual(itemIds);
    expect(pages[3]).toEqual(pages[0]);
  });

  it('of a young campaign does not wait for that of an older one', async () => {
    await openItems('older', 1_200);
    const [itemId] = await openItems('younger', 1);
    const turn = published();
    await createReconciler(context)();
    expect(turn()).toContain(itemId);
  });
});

describe('work that a step opens', () => {
  it('can be had at once, though the clock of this registry is far behind that of the database', async () => {
    await readyCampaign('young');
    const turn = published();
    const reconcile = createReconciler(context);
    await reconcile();
    await reconcile();
    expect(turn()).toEqual(['young/0/2/0']);
  });
});

describe('equal work', () => {
  it('is under way as long as the lease lasts by the clock that the lease was given by', async () => {
    await campaignIn('one', CAMPAIGN_STEP_RATE);
    const twin = await leasedItem('one', { specDigest: 'equal', leaseExpireTime: new Date(START + LEASE_MS) });
    const other = { itemId: 'two/0/3/0', specDigest: 'equal' } as WorkItemRow;
    const find = (atMs: number) => database.db.transaction((tx) => findTwin(tx, other, atMs));
    expect(await find(START + LEASE_MS - 1)).toMatchObject({ itemId: twin });
    expect(await find(START + LEASE_MS)).toBeUndefined();
  });
});

describe('a campaign that goes on after a pause or a failure', () => {
  it('has its open work published, whose messages workers dropped meanwhile', async () => {
    const { db } = database;
    await openItems('paused', 3);
    await db.update(campaigns).set({ state: CampaignState.CAMPAIGN_STATE_PAUSED });
    await db.delete(outbox);
    await db.transaction(async (tx) => void (await reopenCampaign(tx, await readCampaign(tx, 'paused'))));
    const waiting = await db.select().from(outbox).where(isNotNull(outbox.workKind)).orderBy(outbox.id);
    expect(waiting.map(({ workKind, itemId }) => [workKind, itemId])).toEqual([
      ['rate', 'paused/0/3/0'],
      ['rate', 'paused/0/3/1'],
      ['rate', 'paused/0/3/2'],
    ]);
  });
});

describe('an item that cannot be given up', () => {
  it('keeps no other campaign from moving', async () => {
    await campaignIn('older', CAMPAIGN_STEP_RATE);
    await readyCampaign('younger');
    await leasedItem('older', { spec: { rate: { images: [{ imageId: 'nowhere' }] } }, attempts: 20 });
    const reconcile = createReconciler(context);
    await reconcile();
    nowMs += LEASE_MS;
    await reconcile();
    expect(await campaignNow('younger')).toMatchObject({ step: CAMPAIGN_STEP_TRAIN });
  });
});
