// The registry's side of the work queue: leases, progress, results.
import { randomUUID } from 'node:crypto';
import { and, eq, inArray, sql } from 'drizzle-orm';
import { CampaignState } from '../../../proto/gen/cpral/v1/resources.ts';
import { Checkpoint } from '../../../proto/gen/cpral/v1/trainer.ts';
import { type WorkQueueServer, WorkQueueService, WorkResult, WorkSpec } from '../../../proto/gen/cpral/v1/work.ts';
import { CpralError, invalid } from '../../shared/errors.ts';
import { toDuration } from '../../shared/grpc/duration.ts';
import { grpcService } from '../../shared/grpc/server.ts';
import { workRetriesTotal } from '../../shared/telemetry/metrics.ts';
import { lockCampaign, readCampaign } from '../campaign/campaign-row.ts';
import { giveUp, isHalf } from '../campaign/give-up.ts';
import { advanceOrLeave } from '../campaign/state-machine.ts';
import { twinBackOffMs } from '../campaign/twin-back-off.ts';
import { commitItem, findTwin, type WorkItemRow } from '../campaign/work-items.ts';
import type { RegistryContext } from '../context.ts';
import type { Transaction } from '../database.ts';
import { countCommitted } from '../metrics/count-committed.ts';
import { workItems } from '../schema.ts';
import { unary } from './handlers.ts';

const MAX_FAILURES = 3;
const BACK_OFF_MS = 2_000;
const CAUSE_LIMIT = 2_000;
const MAX_RELEASE_DELAY_SECONDS = 3_600;

export function workQueueService(context: RegistryContext) {
  const { db, log, clock, changes, leaseMs } = context;

  return grpcService(WorkQueueService, {
    leaseWorkItem: unary(log, async ({ itemId, worker }) => {
      const asking = { itemId, worker, leaseMs, nowMs: clock.now() };
      const { lease, finished } = await db.transaction((tx) => takeLease(tx, asking));
      if (finished) await advanceOrLeave(context, finished);
      if (!lease) throw notOpen(itemId);
      log.info(
        { campaign: lease.campaignId, cycle: lease.cycle, item: itemId, worker, attempt: lease.attempt },
        'work leased',
      );
      changes.notifyWatchers(lease.campaignId);
      return { lease };
    }),

    renewLease: unary(log, async ({ itemId, leaseToken, progress }) => {
      const expireTime = new Date(clock.now() + leaseMs);
      const [item] = await db
        .update(workItems)
        .set({
          leaseExpireTime: expireTime,
          ...(progress && {
            unitsDone: progress.unitsDone,
            unitsTotal: progress.unitsTotal,
            message: progress.message,
          }),
          ...(progress?.checkpoint && checkpointed(progress.checkpoint)),
        })
        .where(and(isHeld(itemId, leaseToken), inArray(workItems.campaignId, notEnded())))
        .returning({ campaignId: workItems.campaignId });
      if (!item) throw leaseLost(itemId);
      changes.notifyWatchers(item.campaignId);
      return { expireTime };
    }),

    completeWorkItem: unary(log, async ({ itemId, leaseToken, result, computeSeconds }) => {
      if (!result?.result)
        throw new CpralError('INVALID_ARGUMENT', 'result: expected the result of the work, got nothing', {
          field: 'result',
        });
      const { item, isNew, campaignIds } = await db.transaction((tx) =>
        complete(tx, { itemId, leaseToken, result, computeSeconds }),
      );
      if (isNew) countCommitted(item, computeSeconds);
      const { campaignId: campaign, cycle, worker } = item;
      log.info({ campaign, cycle, worker, seconds: computeSeconds, isNew }, 'work committed');
      for (const campaignId of campaignIds) {
        changes.notifyWatchers(campaignId);
        await advanceOrLeave(context, campaignId);
      }
      return {};
    }),

    failWorkItem: unary(log, async ({ itemId, leaseToken, cause, permanent }) => {
      const { item, retryDelayMs } = await db.transaction((tx) =>
        fail(tx, { itemId, leaseToken, cause: cause.slice(0, CAUSE_LIMIT), permanent, nowMs: clock.now() }),
      );
      const { campaignId, cycle, worker, kind } = item;
      if (retryDelayMs !== undefined) workRetriesTotal.inc({ kind, reason: 'failed' });
      log.warn({ campaign: campaignId, cycle, worker, cause, permanent, retryDelayMs }, 'work failed');
      changes.notify(campaignId);
      if (retryDelayMs === undefined) await advanceOrLeave(context, campaignId);
      return { retryDelay: retryDelayMs === undefined ? undefined : toDuration(retryDelayMs) };
    }),

    releaseWorkItem: unary(log, async ({ itemId, leaseToken, cause, delaySeconds }) => {
      if (!(delaySeconds >= 0 && delaySeconds <= MAX_RELEASE_DELAY_SECONDS)) {
        throw invalid(`delay_seconds: expected 0 to ${MAX_RELEASE_DELAY_SECONDS}, got ${delaySeconds}`, {
          field: 'delay_seconds',
        });
      }
      const notBefore = new Date(clock.now() + 1_000 * delaySeconds);
      const [item] = await db
        .update(workItems)
        .set({
          state: 'open',
          leaseToken: null,
          cause: cause.slice(0, CAUSE_LIMIT),
          notBefore,
          // What is given back was not tried: a store that is away for an hour costs an item none of its attempts.
          attempts: sql`${workItems.attempts} - 1`,
        })
        .where(isHeld(itemId, leaseToken))
        .returning({
          campaignId: workItems.campaignId,
          cycle: workItems.cycle,
          worker: workItems.worker,
          kind: workItems.kind,
        });
      if (!item) throw leaseLost(itemId);
      const { campaignId: campaign, cycle, worker, kind } = item;
      workRetriesTotal.inc({ kind, reason: 'released' });
      log.info({ campaign, cycle, worker, cause }, 'work given back');
      changes.notifyWatchers(item.campaignId);
      return {};
    }),
  } satisfies WorkQueueServer);
}

function isHeld(itemId: string, leaseToken: string) {
  return and(eq(workItems.itemId, itemId), eq(workItems.state, 'leased'), eq(workItems.leaseToken, leaseToken));
}

/** An item that comes further lives on: what its workers died of before this checkpoint is not counted against it any more. */
function checkpointed(checkpoint: Checkpoint) {
  const before = sql`coalesce((${workItems.checkpoint}->>'step')::int, 0)`;
  return {
    checkpoint: Checkpoint.toJSON(checkpoint),
    attempts: sql`case when ${checkpoint.step} > ${before} then 1 else ${workItems.attempts} end`,
  };
}

/** A paused campaign finishes what is under way; one that failed or was cancelled does not. */
function notEnded() {
  const { CAMPAIGN_STATE_RUNNING, CAMPAIGN_STATE_PAUSED } = CampaignState;
  return sql`(select campaign_id from campaigns where state in (${CAMPAIGN_STATE_RUNNING}, ${CAMPAIGN_STATE_PAUSED}))`;
}

async function lockItem(tx: Transaction, itemId: string): Promise<WorkItemRow> {
  const [item] = await tx.select().from(workItems).where(eq(workItems.itemId, itemId)).for('update');
  if (!item) throw noItem(itemId);
  return item;
}

async function campaignOf(tx: Transaction, itemId: string): Promise<string> {
  const [item] = await tx
    .select({ campaignId: workItems.campaignId })
    .from(workItems)
    .where(eq(workItems.itemId, itemId));
  if (!item) throw noItem(itemId);
  return item.campaignId;
}

interface Asking {
  readonly itemId: string;
  readonly worker: string;
  readonly leaseMs: number;
  readonly nowMs: number;
}

async function takeLease(tx: Transaction, { itemId, worker, leaseMs, nowMs }: Asking) {
  const item = await lockItem(tx, itemId);
  const campaign = await readCampaign(tx, item.campaignId);
  if (
    campaign.state !== CampaignState.CAMPAIGN_STATE_RUNNING ||
    item.state !== 'open' ||
    item.notBefore.getTime() > nowMs
  )
    return {};
  const twin = await findTwin(tx, item, nowMs);
  if (twin?.state === 'done') {
    await commitItem(tx, item, WorkResult.fromJSON(twin.result), twin.computeSeconds);
    return { finished: item.campaignId };
  }
  if (twin) {
    const notBefore = new Date(nowMs + twinBackOffMs(itemId, nowMs - item.createTime.getTime()));
    await tx.update(workItems).set({ notBefore }).where(eq(workItems.itemId, itemId));
    return {};
  }
  const leaseToken = randomUUID();
  const expireTime = new Date(nowMs + leaseMs);
  const attempt = item.attempts + 1;
  await tx
    .update(workItems)
    .set({ state: 'leased', leaseToken, leaseExpireTime: expireTime, worker, attempts: attempt })
    .where(eq(workItems.itemId, itemId));
  const spec = WorkSpec.fromJSON(item.spec);
  const checkpoint = item.checkpoint ? Checkpoint.fromJSON(item.checkpoint) : undefined;
  return {
    lease: {
      itemId,
      leaseToken,
      expireTime,
      attempt,
      campaignId: item.campaignId,
      cycle: item.cycle,
      spec,
      checkpoint,
    },
  };
}

interface Completion {
  readonly itemId: string;
  readonly leaseToken: string;
  readonly result: WorkResult;
  readonly computeSeconds: number;
}

/** @returns the item as it was, and the campaigns in which something was committed: its own, and those that wait for equal work */
async function complete(
  tx: Transaction,
  { itemId, leaseToken, result, computeSeconds }: Completion,
): Promise<{ item: WorkItemRow; isNew: boolean; campaignIds: string[] }> {
  const item = await lockItem(tx, itemId);
  if (item.state === 'done') return { item, isNew: false, campaignIds: [item.campaignId] };
  if (item.state !== 'leased' || item.leaseToken !== leaseToken) throw leaseLost(itemId);
  const twins = await tx
    .select()
    .from(workItems)
    .where(
      and(
        eq(workItems.specDigest, item.specDigest),
        eq(workItems.state, 'open'),
        inArray(workItems.campaignId, notEnded()),
      ),
    )
    .orderBy(workItems.itemId)
    .for('update');
  // A commit changes its campaign's cycle: in one order over campaigns nobody waits in a circle.
  const items = [item, ...twins].sort((a, b) => (a.itemId < b.itemId ? -1 : 1));
  for (const each of items) await commitItem(tx, each, result, computeSeconds);
  return { item, isNew: true, campaignIds: items.map((each) => each.campaignId) };
}

interface Failure {
  readonly itemId: string;
  readonly leaseToken: string;
  readonly cause: string;
  readonly permanent: boolean;
  readonly nowMs: number;
}

/** The campaign's row is locked before the item's, as everywhere. */
async function fail(
  tx: Transaction,
  { itemId, leaseToken, cause, permanent, nowMs }: Failure,
): Promise<{ item: WorkItemRow; retryDelayMs?: number }> {
  const campaign = await lockCampaign(tx, await campaignOf(tx, itemId));
  const item = await lockItem(tx, itemId);
  if (item.state !== 'leased' || item.leaseToken !== leaseToken) throw leaseLost(itemId);
  const failures = item.failures + 1;
  if (permanent || failures >= MAX_FAILURES || isHalf(item)) {
    await giveUp(tx, campaign, item, cause);
    return { item };
  }
  const retryDelayMs = BACK_OFF_MS * 2 ** failures;
  const notBefore = new Date(nowMs + retryDelayMs);
  await tx
    .update(workItems)
    .set({ state: 'open', leaseToken: null, cause, failures, notBefore })
    .where(eq(workItems.itemId, itemId));
  return { item, retryDelayMs };
}

function noItem(itemId: string): CpralError {
  return new CpralError('NOT_FOUND', `work item "${itemId}" does not exist`, { field: 'item_id' });
}

function notOpen(itemId: string): CpralError {
  return new CpralError('FAILED_PRECONDITION', `work item "${itemId}" is not open`, { reason: 'WORK_ITEM_NOT_OPEN' });
}

function leaseLost(itemId: string): CpralError {
  return new CpralError('ABORTED', `the lease of work item "${itemId}" is lost`, { reason: 'LEASE_LOST' });
}
