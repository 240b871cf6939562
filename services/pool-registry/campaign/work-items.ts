// Work items: a shard of a step's work each, kept here and not in the queue.
import { and, eq, gt, ne, or, sql } from 'drizzle-orm';
import { WorkResult, WorkSpec } from '../../../proto/gen/cpral/v1/work.ts';
import type { WorkKind } from '../../shared/bus/bus.ts';
import { assert } from '../../shared/errors.ts';
import { projectOf } from '../../shared/identity/project.ts';
import { traceparentNow } from '../../shared/telemetry/spans.ts';
import type { Transaction } from '../database.ts';
import { publishWork } from '../outbox.ts';
import { workItems } from '../schema.ts';
import { type CampaignRow, readCampaign } from './campaign-row.ts';
import { stepNamed } from './steps.ts';
import { workDigest } from './work-digest.ts';

export type WorkItemRow = typeof workItems.$inferSelect;

const KINDS: Record<NonNullable<WorkSpec['spec']>['$case'], WorkKind> = {
  train: 'train',
  rate: 'rate',
  findRegions: 'find_regions',
  annotate: 'annotate',
  extendLabels: 'extend_labels',
  selectCentres: 'rate',
  measurePicks: 'rate',
  trainSampler: 'rate',
};

const ITEMS_PER_INSERT = 100;
/** By any clock: the database's may be ahead of ours, and a lease that came too early would lose its message. */
export const AT_ONCE = new Date(0);

/** In batches, as the work is made: a step may have many thousand items. */
export async function insertWork(
  tx: Transaction,
  campaign: CampaignRow,
  specs: AsyncIterable<WorkSpec>,
): Promise<void> {
  const { campaignId, cycle, step } = campaign;
  let shard = 0;
  let pieces: Piece[] = [];
  for await (const spec of specs) {
    pieces.push({ itemId: `${campaignId}/${cycle}/${step}/${shard++}`, spec });
    if (pieces.length < ITEMS_PER_INSERT) continue;
    await insertItems(tx, campaign, pieces);
    pieces = [];
  }
  await insertItems(tx, campaign, pieces);
}

interface Piece {
  readonly itemId: string;
  readonly spec: WorkSpec;
}

export async function insertItems(
  tx: Transaction,
  { campaignId, cycle, step }: Pick<WorkItemRow, 'campaignId' | 'cycle' | 'step'>,
  pieces: readonly Piece[],
): Promise<void> {
  const traceparent = traceparentNow();
  const rows = pieces.map(({ itemId, spec }) => {
    assert(spec.spec, 'work has a specification');
    return {
      itemId,
      campaignId,
      cycle,
      step,
      kind: KINDS[spec.spec.$case],
      spec: WorkSpec.toJSON(spec),
      specDigest: workDigest(spec, projectOf(campaignId)),
      state: 'open' as const,
      notBefore: AT_ONCE,
      traceparent,
    };
  });
  if (rows.length === 0) return;
  await tx.insert(workItems).values(rows);
  await publishWork(tx, rows);
}

/** Commits an item's result and marks it done. The caller holds the item's row. */
export async function commitItem(
  tx: Transaction,
  item: WorkItemRow,
  result: WorkResult,
  computeSeconds: number,
): Promise<void> {
  assert(result.result, 'a committed result has a case');
  const campaign = await readCampaign(tx, item.campaignId);
  assert(
    campaign.cycle === item.cycle && campaign.step === item.step,
    `item ${item.itemId} belongs to the campaign's present step`,
  );
  await stepNamed(campaign.step).commit(tx, campaign, result);
  await tx
    .update(workItems)
    .set({
      state: 'done',
      result: WorkResult.toJSON(result),
      computeSeconds,
      leaseToken: null,
      unitsDone: item.unitsTotal,
      cause: '',
    })
    .where(eq(workItems.itemId, item.itemId));
}

/**
 * Equal work under another name: an item with the same digest that is done, or under way. Until the transaction ends nobody else
 * asks for equal work: of two that are leased at once the second then finds the first.
 */
export async function findTwin(tx: Transaction, item: WorkItemRow, nowMs: number): Promise<WorkItemRow | undefined> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${item.specDigest}, 0))`);
  const underWay = and(eq(workItems.state, 'leased'), gt(workItems.leaseExpireTime, new Date(nowMs)));
  const [twin] = await tx
    .select()
    .from(workItems)
    .where(
      and(
        eq(workItems.specDigest, item.specDigest),
        ne(workItems.itemId, item.itemId),
        or(eq(workItems.state, 'done'), underWay),
      ),
    )
    .orderBy(workItems.state)
    .limit(1);
  return twin;
}
