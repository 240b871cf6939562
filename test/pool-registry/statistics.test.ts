// A campaign over many images is read by pages from its first second on, before any database has had time to count its rows.
import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ObjectRef, Split } from '../../proto/gen/cpral/v1/resources.ts';
import { datasets, images } from '../../services/pool-registry/schema.ts';
import { startTestRegistry, type TestRegistry } from '../support/registry.ts';
import { createCampaign } from '../support/tiny-dataset.ts';

/** So many that they are sorted for longer than it takes to count them. */
const IMAGES = 12_000;
const ROWS_PER_INSERT = 2_000;

let test: TestRegistry;
beforeEach(async () => {
  test = await startTestRegistry();
});
afterEach(() => test.close());

async function insertDataset(datasetId: string): Promise<void> {
  const classMap = { classes: [{ name: 'road' }, { name: 'sky' }] };
  const [row] = await test.db
    .insert(datasets)
    .values({ datasetId, displayName: 'Many', classMap, trainImages: IMAGES, valImages: 1 })
    .returning();
  const object = ObjectRef.toJSON({ digest: `sha256/${'0'.repeat(64)}`, sizeBytes: 1n });
  const common = { datasetKey: row!.key, height: 12, width: 18, image: object, groundTruth: object };
  for (let from = 0; from <= IMAGES; from += ROWS_PER_INSERT) {
    const count = Math.min(ROWS_PER_INSERT, IMAGES + 1 - from);
    const rows = Array.from({ length: count }, (_, i) => ({
      ...common,
      imageId: `image-${String(from + i).padStart(6, '0')}`,
      split: from + i === IMAGES ? Split.SPLIT_VAL : Split.SPLIT_TRAIN,
    }));
    await test.db.insert(images).values(rows);
  }
}

it('a page of a campaign that was just created comes from the index, and nothing is sorted for it', async () => {
  await insertDataset('many');
  const campaignId = await createCampaign(test.registry, 'many', {});
  const page = sql`
    explain select image_id, state from pool_items
    where campaign_id = ${campaignId} and image_id > 'image-000100' order by image_id limit 1000`;
  const { rows } = (await test.db.execute(page)) as unknown as { rows: object[] };
  expect(JSON.stringify(rows)).toContain('Index');
  expect(JSON.stringify(rows)).not.toContain('Sort');
});
