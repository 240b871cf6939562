import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Changes } from '../../services/pool-registry/context.ts';
import type { OpenDatabase } from '../../services/pool-registry/database.ts';
import { createReconciler } from '../../services/pool-registry/reconciler.ts';
import { datasets, images } from '../../services/pool-registry/schema.ts';
import { memoryBus } from '../../services/shared/bus/memory-bus.ts';
import { systemClock } from '../../services/shared/clock.ts';
import { openTestDatabase } from '../support/database.ts';
import { memoryObjectStore } from '../support/memory-object-store.ts';
import { silent } from '../support/silent.ts';

const HOUR_MS = 3_600_000;
/** More than a turn deletes. */
const ROWS = 10_001;

let database: OpenDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

async function importOf(hoursAgo: number, datasetId: string | null, rows: number): Promise<number> {
  const createTime = new Date(Date.now() - hoursAgo * HOUR_MS);
  const values = { datasetId, displayName: 'Tiny', classMap: { classes: [] }, createTime };
  const [{ key } = { key: 0 }] = await database.db.insert(datasets).values(values).returning({ key: datasets.key });
  await database.db.execute(sql`
    insert into images (dataset_key, image_id, split, height, width, image)
    select ${key}::int, 'image ' || i, 1, 2, 3, '{}'::jsonb from generate_series(1, ${rows}::int) as i`);
  return key;
}

it('an import that was cut off a day ago is deleted turn by turn, one under way and a dataset are not', async () => {
  const { db } = database;
  const cutOff = await importOf(25, null, ROWS);
  const underWay = await importOf(23, null, 2);
  const whole = await importOf(25, 'tiny', 2);
  const clock = systemClock;
  const turn = createReconciler({
    ...{ db, objects: memoryObjectStore(), bus: memoryBus(), log: silent },
    ...{ clock, changes: new Changes(clock), leaseMs: 1_000 },
  });
  const rowsOf = (key: number) => db.$count(images, eq(images.datasetKey, key));
  await turn();
  expect(await rowsOf(cutOff)).toBe(1);
  await turn();
  await turn();
  const keys = await db.select({ key: datasets.key }).from(datasets).orderBy(datasets.key);
  expect(keys.map(({ key }) => key)).toEqual([underWay, whole]);
  expect([await rowsOf(cutOff), await rowsOf(underWay), await rowsOf(whole)]).toEqual([0, 2, 2]);
});
