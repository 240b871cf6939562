// A campaign as clients see it.
import { and, eq, inArray, ne, sql } from 'drizzle-orm';
import { Campaign, CampaignConfig, PoolState } from '../../../proto/gen/cpral/v1/resources.ts';
import { assert, CpralError } from '../../shared/errors.ts';
import { annotatedByPeople, UNDECIDED } from '../annotation/task-row.ts';
import type { Database } from '../database.ts';
import { annotationTasks, campaigns, datasets, operations, poolItems, workItems } from '../schema.ts';
import { keptStrategy } from './campaign-row.ts';
import { viewExcludedImages } from './excluded-images.ts';

const EXCLUDED_SHOWN = 100;

export async function viewCampaign(db: Database, campaignId: string): Promise<Campaign> {
  const [row] = await db
    .select()
    .from(campaigns)
    .innerJoin(datasets, eq(campaigns.datasetKey, datasets.key))
    .innerJoin(operations, eq(operations.campaignId, campaigns.campaignId))
    .where(eq(campaigns.campaignId, campaignId));
  if (!row) throw new CpralError('NOT_FOUND', `campaign "${campaignId}" does not exist`, { field: 'campaign_id' });
  const { campaigns: campaign, datasets: dataset, operations: operation } = row;
  const config = CampaignConfig.fromJSON(campaign.config);
  return Campaign.fromPartial({
    campaignId,
    datasetId: dataset.datasetId ?? '',
    config,
    strategy: keptStrategy(campaign),
    state: campaign.state as Campaign['state'],
    step: campaign.step as Campaign['step'],
    cycle: campaign.cycle,
    progress: {
      ...(await progressOf(db, campaign)),
      ...(await peoplesProgress(db, config, campaign)),
      startTime: campaign.stepStartTime,
    },
    pool: await poolCounts(db, campaignId),
    error: campaign.error,
    etag: `${campaign.version}`,
    createTime: campaign.createTime,
    updateTime: campaign.updateTime,
    operationId: operation.operationId,
    excludedImages: await viewExcludedImages(db, campaignId, EXCLUDED_SHOWN),
  });
}

/** Over the items of a step; one that was cut in two counts as its halves. */
export async function progressOf(
  db: Database,
  { campaignId, cycle, step }: Pick<typeof campaigns.$inferSelect, 'campaignId' | 'cycle' | 'step'>,
) {
  const ofStep = and(
    eq(workItems.campaignId, campaignId),
    eq(workItems.cycle, cycle),
    eq(workItems.step, step),
    ne(workItems.state, 'split'),
  );
  const [sums] = await db
    .select({
      itemsDone: sql<number>`count(*) filter (where ${workItems.state} in ('done', 'parked'))::int`,
      itemsTotal: sql<number>`count(*)::int`,
      unitsDone: sql<number>`coalesce(sum(${workItems.unitsDone}), 0)::float8`,
      unitsTotal: sql<number>`coalesce(sum(${workItems.unitsTotal}), 0)::float8`,
      message: sql<string>`coalesce(min(${workItems.message}) filter (where ${workItems.state} = 'leased'), '')`,
    })
    .from(workItems)
    .where(ofStep);
  assert(sums, 'an aggregate has a row');
  return sums;
}

/** While people answer, tasks are what is counted; they say most of how far the step is. */
async function peoplesProgress(
  db: Database,
  config: CampaignConfig,
  { campaignId, cycle, step }: Pick<typeof campaigns.$inferSelect, 'campaignId' | 'cycle' | 'step'>,
) {
  if (!annotatedByPeople(config)) return {};
  const ofStep = and(
    eq(annotationTasks.campaignId, campaignId),
    eq(annotationTasks.cycle, cycle),
    eq(annotationTasks.step, step),
    eq(annotationTasks.purpose, 'label'),
  );
  const total = await db.$count(annotationTasks, ofStep);
  if (total === 0) return {};
  const undecided = await db.$count(annotationTasks, and(ofStep, inArray(annotationTasks.state, [...UNDECIDED])));
  const done = total - undecided;
  const message = undecided > 0 ? `people have answered ${done} of ${total} tasks` : 'what people said is entered';
  return { itemsDone: done, itemsTotal: total, unitsDone: done, unitsTotal: total, message };
}

async function poolCounts(db: Database, campaignId: string) {
  const rows = await db
    .select({ state: poolItems.state, images: sql<number>`count(*)::int` })
    .from(poolItems)
    .where(eq(poolItems.campaignId, campaignId))
    .groupBy(poolItems.state);
  const images = (state: PoolState) => BigInt(rows.find((row) => row.state === state)?.images ?? 0);
  return {
    unlabelled: images(PoolState.POOL_STATE_UNLABELLED),
    inAnnotation: images(PoolState.POOL_STATE_IN_ANNOTATION),
    partlyLabelled: images(PoolState.POOL_STATE_PARTLY_LABELLED),
    fullyLabelled: images(PoolState.POOL_STATE_FULLY_LABELLED),
    excluded: images(PoolState.POOL_STATE_EXCLUDED),
  };
}
