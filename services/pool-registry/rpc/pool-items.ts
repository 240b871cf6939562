// The pool of a campaign: its images with their states, by pages and as a stream.
import { and, eq, gt } from 'drizzle-orm';
import type {
  ListPoolItemsRequest,
  ListPoolItemsResponse,
  StreamPoolItemsRequest,
  StreamPoolItemsResponse,
} from '../../../proto/gen/cpral/v1/pool_registry.ts';
import { type PoolItem, PoolState } from '../../../proto/gen/cpral/v1/resources.ts';
import { checkEnum } from '../../shared/check-spec.ts';
import { pagesOf } from '../campaign/shards.ts';
import type { RegistryContext } from '../context.ts';
import type { Database } from '../database.ts';
import { poolItems } from '../schema.ts';
import { cutPage, readPage } from './pages.ts';
import { requireCampaign } from './results.ts';

const ROWS_PER_READ = 1_000;

export async function listPoolItems(
  { db }: RegistryContext,
  request: ListPoolItemsRequest,
): Promise<ListPoolItemsResponse> {
  await requireCampaign(db, request.campaignId);
  const page = readPage(request);
  const after = page.after && `${page.after[0]}`;
  const { rows, nextPageToken } = cutPage(await readItems(db, request, page.limit + 1, after), page, (row) => [
    row.imageId,
  ]);
  return { items: rows, nextPageToken };
}

/** Each read sees the pool as it is then; an image that stays in it comes exactly once. */
export async function* streamPoolItems(
  { db }: RegistryContext,
  request: StreamPoolItemsRequest,
): AsyncGenerator<StreamPoolItemsResponse> {
  await requireCampaign(db, request.campaignId);
  const pages = pagesOf<PoolItem>((after) => readItems(db, request, ROWS_PER_READ, after?.imageId));
  for await (const page of pages) for (const item of page) yield { item };
}

async function readItems(
  db: Database,
  { campaignId, state }: Pick<ListPoolItemsRequest, 'campaignId' | 'state'>,
  limit: number,
  after: string | undefined,
): Promise<PoolItem[]> {
  checkEnum('state', state, { values: PoolState, expected: 'a state of the pool, or none for all' });
  const rows = await db
    .select({ imageId: poolItems.imageId, state: poolItems.state })
    .from(poolItems)
    .where(
      and(
        eq(poolItems.campaignId, campaignId),
        state ? eq(poolItems.state, state) : undefined,
        after === undefined ? undefined : gt(poolItems.imageId, after),
      ),
    )
    .orderBy(poolItems.imageId)
    .limit(limit);
  return rows.map((row) => ({ imageId: row.imageId, state: row.state as PoolState }));
}
