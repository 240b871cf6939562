// Work items: a shard of a step's work each, kept here and not in the queue.
import { createHash } from 'node:crypto';
import { and, eq, ne, or, sql } from 'drizzle-orm';
import { WorkResult, WorkSpec } from '../../../proto/gen/cpral/v1/work.ts';
import type { WorkKind } from '../../shared/bus/bus.ts';
import { assert } from '../../shared/errors.ts';
import { traceparentNow } from '../../shared/telemetry/spans.ts';
import type { Transaction } from '../database.ts';
import { publishWork } from '../outbox.ts';
import { cycles, workItems } from '../schema.ts';
import { type CampaignRow, readCampaign } from './campaign-row.ts';
import { stepNamed } from './steps.ts';

export type WorkItemRow = typeof workItems.$inferSelect;

const KINDS: Record<NonNullable<WorkSpec['spec']>['$case'], WorkKind> = {
  train: 'train',
  rate: 'rate',
  findRegions: 'find_regions',
  annotate: 'annotate',
  extendLabels: 'extend_labels',
  selectCentres: 'rate',
  measurePicks: 'rate',
};

/** Where the seconds of each piece of work are reported; the search for regions is the selection. */
const PHASES: Record<NonNullable<WorkResult['result']>['$case'], string> = {
  train: 'train',
  rate: 'rate',
  selectCentres: 'rate',
  measurePicks: 'measure',
  findRegions: 'select',
  annotate: 'annotate',
  extendLabels: 'extend',
};

export async function insertWork(tx: Transaction, campaign: CampaignRow, specs: readonly WorkSpec[]): Promise<void> {
  const { campaignId, cycle, step } = campaign;
  const pieces = specs.map((spec, shard) => ({ itemId: `${campaignId}/${cycle}/${step}/${shard}`, spec }));
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
      specDigest: createHash('sha256').update(WorkSpec.encode(spec).finish()).digest('hex'),
      state: 'open' as const,
      traceparent,
    };
  });
  for (const row of rows) await tx.insert(workItems).values(row);
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
  const phase = PHASES[result.result.$case];
  await tx
    .update(cycles)
    .set({
      seconds: sql`jsonb_set(${cycles.seconds}, array[${phase}], to_jsonb(coalesce((${cycles.seconds}->>${phase})::float8, 0) + ${computeSeconds}::float8))`,
    })
    .where(and(eq(cycles.campaignId, item.campaignId), eq(cycles.cycle, item.cycle)));
}

/** Equal work under another name: an item with the same digest that is done, or under way. */
export async function findTwin(tx: Transaction, item: WorkItemRow): Promise<WorkItemRow | undefined> {
  const [twin] = await tx
    .select()
    .from(workItems)
    .where(
      and(
        eq(workItems.specDigest, item.specDigest),
        ne(workItems.itemId, item.itemId),
        or(eq(workItems.state, 'done'), and(eq(workItems.state, 'leased'), sql`${workItems.leaseExpireTime} > now()`)),
      ),
    )
    .orderBy(workItems.state)
    .limit(1);
  return twin;
}
