// What the database says about the state of all campaigns, for metrics: few queries, each with a limit.
import { desc, inArray, sql } from 'drizzle-orm';
import { PoolState } from '../../../proto/gen/cpral/v1/resources.ts';
import type { Database } from '../database.ts';
import { campaigns, cycles, outbox, poolItems, workItems } from '../schema.ts';

/** Series by campaign are of those that changed last: more would only grow for ever. */
const MAX_CAMPAIGNS = 20;
const MAX_CYCLES_OF_CAMPAIGN = 50;
const MAX_MESSAGES_COUNTED = 100_000;

/** Names of labels; POOL_STATE_UNLABELLED is "unlabelled". */
export const POOL_STATES = {
  [PoolState.POOL_STATE_UNLABELLED]: 'unlabelled',
  [PoolState.POOL_STATE_IN_ANNOTATION]: 'in_annotation',
  [PoolState.POOL_STATE_PARTLY_LABELLED]: 'partly_labelled',
  [PoolState.POOL_STATE_FULLY_LABELLED]: 'fully_labelled',
  [PoolState.POOL_STATE_EXCLUDED]: 'excluded',
} as const;

export interface RegistryState {
  readonly work: readonly { readonly kind: string; readonly state: string; readonly items: number }[];
  readonly pool: readonly { readonly campaignId: string; readonly state: number; readonly images: number }[];
  readonly miou: readonly { readonly campaignId: string; readonly cycle: number; readonly miou: number }[];
  readonly outboxMessages: number;
}

export async function readState(db: Database): Promise<RegistryState> {
  const recent = await db
    .select({ campaignId: campaigns.campaignId })
    .from(campaigns)
    .orderBy(desc(campaigns.updateTime))
    .limit(MAX_CAMPAIGNS);
  const ids = recent.map(({ campaignId }) => campaignId);
  return {
    work: await countWork(db),
    pool: ids.length > 0 ? await countPools(db, ids) : [],
    miou: ids.length > 0 ? await readMiou(db, ids) : [],
    outboxMessages: await countOutbox(db),
  };
}

/** Work that waits for something; what is done is counted as it is committed. */
function countWork(db: Database) {
  return db
    .select({ kind: workItems.kind, state: workItems.state, items: sql<number>`count(*)::int` })
    .from(workItems)
    .where(inArray(workItems.state, ['open', 'leased', 'parked']))
    .groupBy(workItems.kind, workItems.state);
}

function countPools(db: Database, campaignIds: readonly string[]) {
  return db
    .select({ campaignId: poolItems.campaignId, state: poolItems.state, images: sql<number>`count(*)::int` })
    .from(poolItems)
    .where(inArray(poolItems.campaignId, [...campaignIds]))
    .groupBy(poolItems.campaignId, poolItems.state);
}

async function readMiou(db: Database, campaignIds: readonly string[]) {
  const newest = sql`row_number() over (partition by ${cycles.campaignId} order by ${cycles.cycle} desc)`;
  const ranked = db
    .select({
      campaignId: cycles.campaignId,
      cycle: cycles.cycle,
      miou: sql<number>`(${cycles.evaluation}->>'miou')::float8`.as('miou'),
      place: sql<number>`${newest}::int`.as('place'),
    })
    .from(cycles)
    .where(sql`${inArray(cycles.campaignId, [...campaignIds])} and ${cycles.evaluation} ? 'miou'`)
    .as('ranked');
  return db
    .select({ campaignId: ranked.campaignId, cycle: ranked.cycle, miou: ranked.miou })
    .from(ranked)
    .where(sql`${ranked.place} <= ${MAX_CYCLES_OF_CAMPAIGN}`);
}

async function countOutbox(db: Database): Promise<number> {
  const some = db.select({ id: outbox.id }).from(outbox).limit(MAX_MESSAGES_COUNTED).as('some');
  const [row] = await db.select({ messages: sql<number>`count(*)::int` }).from(some);
  return row?.messages ?? 0;
}
