// Results of large campaigns come in pages, each of them a message that clients take.
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ListCyclesResponse } from '../../proto/gen/cpral/v1/pool_registry.ts';
import { type Cycle, Evaluation } from '../../proto/gen/cpral/v1/resources.ts';
import { cycles, previews } from '../../services/pool-registry/schema.ts';
import { call } from '../../services/shared/grpc/client.ts';
import { startTestRegistry, type TestRegistry } from '../support/registry.ts';
import { createCampaign, importDataset, tinyDataset } from '../support/tiny-dataset.ts';

const deadlineMs = 30_000;
const CYCLES = 12;
const SUBSET = 10_000;
const CLASSES = 250;
const PREVIEWS = 2_500;
const MAX_MESSAGE_BYTES = 4 << 20;

let test: TestRegistry;
let campaignId: string;
beforeAll(async () => {
  test = await startTestRegistry();
  const { datasetId } = await importDataset(test.registry, tinyDataset());
  campaignId = await createCampaign(test.registry, datasetId, {});
  const confusion = Array(CLASSES ** 2).fill(1n << 40n);
  const evaluation = Evaluation.toJSON(Evaluation.fromPartial({ confusion }));
  await test.db
    .insert(cycles)
    .values(Array.from({ length: CYCLES }, (_, cycle) => ({ campaignId, cycle, labelled: {}, evaluation })));
  await test.db.execute(sql`
    insert into ratings (campaign_id, cycle, image_id, rating, subset_rank)
    select ${campaignId}, cycle, 'a-folder-of-images/with-a-long-name/' || place, 0, place
    from generate_series(0, ${CYCLES - 1}) cycle, generate_series(0, ${SUBSET - 1}) place`);
  const entropy = { digest: `sha256/${'0'.repeat(64)}`, sizeBytes: '1' };
  await test.db
    .insert(previews)
    .values(Array.from({ length: PREVIEWS }, (_, i) => ({ campaignId, cycle: 0, imageId: `image-${i}`, entropy })));
});
afterAll(() => test.close());

describe('cycles', () => {
  it('of a subset that is the whole pool tell its best images and how many there are', async () => {
    const request = { campaignId, pageSize: 1, pageToken: '' };
    const answer = await call(test.registry.listCycles.bind(test.registry), request, { deadlineMs });
    expect(answer.cycles).toMatchObject([{ cycle: 0, subsetImages: SUBSET }]);
    expect(answer.cycles[0]?.subsetImageIds).toHaveLength(1_000);
    expect(answer.cycles[0]?.subsetImageIds[7]).toBe('a-folder-of-images/with-a-long-name/7');
  });

  it('are each in one page, in order, and no page is larger than a message', async () => {
    const seen: Cycle[] = [];
    let pageToken = '';
    do {
      const request = { campaignId, pageSize: 1_000, pageToken };
      const page = await call(test.registry.listCycles.bind(test.registry), request, { deadlineMs });
      expect(ListCyclesResponse.encode(page).finish().length).toBeLessThan(MAX_MESSAGE_BYTES);
      seen.push(...page.cycles);
      pageToken = page.nextPageToken;
    } while (pageToken);
    expect(seen.map(({ cycle }) => cycle)).toEqual(Array.from({ length: CYCLES }, (_, cycle) => cycle));
    expect(ListCyclesResponse.encode({ cycles: seen, nextPageToken: '' }).finish().length).toBeGreaterThan(
      MAX_MESSAGE_BYTES,
    );
  });
});

describe('previews', () => {
  it('are each in one page, by image id', async () => {
    const seen: string[] = [];
    let pageToken = '';
    do {
      const request = { campaignId, cycle: 0, pageSize: 1_000, pageToken, imageIds: [] };
      const page = await call(test.registry.listPreviews.bind(test.registry), request, { deadlineMs });
      expect(page.previews.length).toBeLessThanOrEqual(1_000);
      seen.push(...page.previews.map(({ imageId }) => imageId));
      pageToken = page.nextPageToken;
    } while (pageToken);
    expect(seen).toHaveLength(PREVIEWS);
    expect(seen).toEqual([...new Set(seen)].sort());
  });
});
