// Work items for people: what is open, under way, parked and why, and another chance for what was parked.
import { and, eq, getTableColumns, inArray, sql } from 'drizzle-orm';
import {
  type ListWorkItemsRequest,
  type ListWorkItemsResponse,
  RedriveWorkItemsRequest,
  type RedriveWorkItemsResponse,
} from '../../../proto/gen/cpral/v1/pool_registry.ts';
import { CampaignState, WorkItem, WorkItemState } from '../../../proto/gen/cpral/v1/resources.ts';
import { CpralError, invalid } from '../../shared/errors.ts';
import { inScope } from '../access/scope.ts';
import { lockCampaign } from '../campaign/campaign-row.ts';
import { redrive, reopenCampaign } from '../campaign/redrive.ts';
import { advanceOrLeave } from '../campaign/state-machine.ts';
import type { WorkItemRow } from '../campaign/work-items.ts';
import type { RegistryContext } from '../context.ts';
import { bytewise, type Transaction } from '../database.ts';
import { workItems } from '../schema.ts';
import { cutPage, readPage } from './pages.ts';
import { once } from './request-ids.ts';

const MAX_REDRIVEN = 1_000;
const STATES = [
  ['open', WorkItemState.WORK_ITEM_STATE_OPEN],
  ['leased', WorkItemState.WORK_ITEM_STATE_LEASED],
  ['done', WorkItemState.WORK_ITEM_STATE_DONE],
  ['parked', WorkItemState.WORK_ITEM_STATE_PARKED],
  ['cancelled', WorkItemState.WORK_ITEM_STATE_CANCELLED],
  ['split', WorkItemState.WORK_ITEM_STATE_SPLIT],
] as const satisfies readonly (readonly [WorkItemRow['state'], WorkItemState])[];
/** Not what the work reads and what came of it: that is large, and nobody lists it. */
const { spec: _spec, result: _result, checkpoint: _checkpoint, ...SHOWN } = getTableColumns(workItems);
const UNFINISHED = STATES.filter(([name]) => name === 'open' || name === 'leased' || name === 'parked');

export async function listWorkItems(
  { db }: RegistryContext,
  request: ListWorkItemsRequest,
): Promise<ListWorkItemsResponse> {
  const page = readPage(request);
  const key = sql`(${workItems.createTime}, ${bytewise(workItems.itemId)})`;
  const found = await db
    .select({ row: SHOWN, time: sql<string>`${workItems.createTime}::text` })
    .from(workItems)
    .where(
      and(
        inScope(workItems.campaignId),
        request.campaignId ? eq(workItems.campaignId, request.campaignId) : undefined,
        inArray(workItems.state, readStates(request.states)),
        page.after && sql`${key} > (${page.after[0]}::timestamptz, ${page.after[1]}::text)`,
      ),
    )
    .orderBy(workItems.createTime, bytewise(workItems.itemId))
    .limit(page.limit + 1);
  const { rows, nextPageToken } = cutPage(found, page, ({ row, time }) => [time, row.itemId]);
  return { items: rows.map(({ row }) => toWorkItem(row)), nextPageToken };
}

function readStates(asked: readonly WorkItemState[]): WorkItemRow['state'][] {
  if (asked.length === 0) return UNFINISHED.map(([name]) => name);
  return asked.map((state) => {
    const known = STATES.find(([, value]) => value === state);
    if (!known) throw invalid(`states: expected states of a work item, got ${state}`, { field: 'states' });
    return known[0];
  });
}

export async function redriveWorkItems(
  context: RegistryContext,
  request: RedriveWorkItemsRequest,
): Promise<RedriveWorkItemsResponse> {
  const { itemIds, campaignId, requestId } = request;
  if (itemIds.length > 0 === (campaignId !== '')) {
    throw invalid('item_ids: expected either work items or a campaign', { field: 'item_ids' });
  }
  if (itemIds.length > MAX_REDRIVEN) {
    throw invalid(`item_ids: expected at most ${MAX_REDRIVEN}, got ${itemIds.length}`, { field: 'item_ids' });
  }
  const mutation = {
    requestId,
    method: 'RedriveWorkItems',
    request: RedriveWorkItemsRequest.encode(request).finish(),
  };
  const redriven = await once(context.db, mutation, async (tx) => {
    const campaigns = campaignId ? [campaignId] : await campaignsOfParked(tx, itemIds);
    const rows: WorkItemRow[] = [];
    for (const each of campaigns) rows.push(...(await redriveOf(tx, each, campaignId ? undefined : itemIds)));
    return rows.map((row) => WorkItem.toJSON(toWorkItem(row)));
  });
  const items = redriven.map((item) => WorkItem.fromJSON(item));
  for (const each of new Set(items.map((item) => item.campaignId))) {
    await advanceOrLeave(context, each);
    context.changes.notify(each);
  }
  return { items };
}

async function redriveOf(tx: Transaction, campaignId: string, itemIds?: readonly string[]): Promise<WorkItemRow[]> {
  const campaign = await lockCampaign(tx, campaignId);
  const rows = await redrive(tx, campaign, itemIds);
  const isOpen = rows.some((row) => row.state === 'open');
  if (isOpen && campaign.state === CampaignState.CAMPAIGN_STATE_FAILED) await reopenCampaign(tx, campaign);
  return rows;
}

/** In one order, so that nobody waits in a circle. */
async function campaignsOfParked(tx: Transaction, itemIds: readonly string[]): Promise<string[]> {
  const rows = await tx
    .select({ itemId: workItems.itemId, campaignId: workItems.campaignId, state: workItems.state })
    .from(workItems)
    .where(inArray(workItems.itemId, [...itemIds]));
  for (const itemId of itemIds) {
    const row = rows.find((each) => each.itemId === itemId);
    if (!row) throw new CpralError('NOT_FOUND', `work item "${itemId}" does not exist`, { field: 'item_ids' });
    if (row.state !== 'parked') {
      throw new CpralError('FAILED_PRECONDITION', `work item "${itemId}": expected a parked one, it is ${row.state}`, {
        field: 'item_ids',
        reason: 'WORK_ITEM_NOT_PARKED',
      });
    }
  }
  return [...new Set(rows.map((row) => row.campaignId))].sort();
}

function toWorkItem(row: Omit<WorkItemRow, 'spec' | 'result' | 'checkpoint'>): WorkItem {
  const { itemId, campaignId, cycle, kind, attempts, failures, worker, cause, unitsDone, unitsTotal, createTime } = row;
  return {
    ...{ itemId, campaignId, cycle, kind, attempts, failures, cause, unitsDone, unitsTotal, createTime },
    step: row.step as WorkItem['step'],
    state: STATES.find(([name]) => name === row.state)?.[1] ?? WorkItemState.WORK_ITEM_STATE_UNSPECIFIED,
    worker: worker ?? '',
    leaseExpireTime: row.state === 'leased' ? (row.leaseExpireTime ?? undefined) : undefined,
  };
}
