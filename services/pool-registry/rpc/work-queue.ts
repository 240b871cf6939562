// The registry's side of the work queue: leases, progress, results.
import { randomUUID } from 'node:crypto';
import { and, eq, inArray, sql } from 'drizzle-orm';
import { CampaignState } from '../../../proto/gen/cpral/v1/resources.ts';
import { Checkpoint } from '../../../proto/gen/cpral/v1/trainer.ts';
import { type WorkQueueServer, WorkQueueService, WorkResult, WorkSpec } from '../../../proto/gen/cpral/v1/work.ts';
import { CpralError } from '../../shared/errors.ts';
import { unary } from '../../shared/grpc/handlers.ts';
import { grpcService } from '../../shared/grpc/server.ts';
import { lockCampaign, readCampaign } from '../campaign/campaign-row.ts';
import { advance, endCampaign } from '../campaign/state-machine.ts';
import { commitItem, findTwin, type WorkItemRow } from '../campaign/work-items.ts';
import type { RegistryContext } from '../context.ts';
import type { Transaction } from '../database.ts';
import { publishEvent } from '../outbox.ts';
import { workItems } from '../schema.ts';

const LEASE_MS = 30_000;
const MAX_ATTEMPTS = 3;
const BACK_OFF_MS = 2_000;
const CAUSE_LIMIT = 2_000;

export function workQueueService(context: RegistryContext) {
  const { db, log, clock, changes } = context;

  return grpcService(WorkQueueService, {
    leaseWorkItem: unary(log, async ({ itemId, worker }) => {
      const { lease, finished } = await db.transaction((tx) => takeLease(tx, { itemId, worker, now: clock.now() }));
      if (finished) await advance(context, finished);
      if (!lease) throw notOpen(itemId);
      log.info(
        { campaign: lease.campaignId, cycle: lease.cycle, item: itemId, worker, attempt: lease.attempt },
        'work leased',
      );
      changes.notify(lease.campaignId);
      return { lease };
    }),

    renewLease: unary(log, async ({ itemId, leaseToken, progress }) => {
      const expireTime = new Date(clock.now() + LEASE_MS);
      const [item] = await db
        .update(workItems)
        .set({
          leaseExpireTime: expireTime,
          ...(progress && {
            unitsDone: progress.unitsDone,
            unitsTotal: progress.unitsTotal,
            message: progress.message,
          }),
          ...(progress?.checkpoint && { checkpoint: Checkpoint.toJSON(progress.checkpoint) }),
        })
        .where(and(isHeld(itemId, leaseToken), inArray(workItems.campaignId, notEnded())))
        .returning({ campaignId: workItems.campaignId });
      if (!item) throw leaseLost(itemId);
      changes.notify(item.campaignId);
      return { expireTime };
    }),

    completeWorkItem: unary(log, async ({ itemId, leaseToken, result, computeSeconds }) => {
      if (!result?.result)
        throw new CpralError('INVALID_ARGUMENT', 'result: expected the result of the work, got nothing', {
          field: 'result',
        });
      const done = await db.transaction((tx) => complete(tx, { itemId, leaseToken, result, computeSeconds }));
      for (const campaignId of done) {
        log.info({ campaign: campaignId, item: itemId, seconds: computeSeconds }, 'work committed');
        changes.notify(campaignId);
        await advance(context, campaignId);
      }
      return {};
    }),

    failWorkItem: unary(log, async ({ itemId, leaseToken, cause, permanent }) => {
      const campaignId = await db.transaction((tx) =>
        giveBack(tx, { itemId, leaseToken, cause: cause.slice(0, CAUSE_LIMIT), permanent, now: clock.now() }),
      );
      log.warn({ campaign: campaignId, item: itemId, cause, permanent }, 'work failed');
      changes.notify(campaignId);
      return {};
    }),
  } satisfies WorkQueueServer);
}

function isHeld(itemId: string, leaseToken: string) {
  return and(eq(workItems.itemId, itemId), eq(workItems.state, 'leased'), eq(workItems.leaseToken, leaseToken));
}

/** A paused campaign finishes what is under way; one that failed or was cancelled does not. */
function notEnded() {
  const { CAMPAIGN_STATE_RUNNING, CAMPAIGN_STATE_PAUSED } = CampaignState;
  return sql`(select campaign_id from campaigns where state in (${CAMPAIGN_STATE_RUNNING}, ${CAMPAIGN_STATE_PAUSED}))`;
}

async function lockItem(tx: Transaction, itemId: string): Promise<WorkItemRow> {
  const [item] = await tx.select().from(workItems).where(eq(workItems.itemId, itemId)).for('update');
  if (!item) throw new CpralError('NOT_FOUND', `work item "${itemId}" does not exist`, { field: 'item_id' });
  return item;
}

interface Asking {
  readonly itemId: string;
  readonly worker: string;
  readonly now: number;
}

async function takeLease(tx: Transaction, { itemId, worker, now }: Asking) {
  const item = await lockItem(tx, itemId);
  const campaign = await readCampaign(tx, item.campaignId);
  if (
    campaign.state !== CampaignState.CAMPAIGN_STATE_RUNNING ||
    item.state !== 'open' ||
    item.notBefore.getTime() > now
  )
    return {};
  const twin = await findTwin(tx, item);
  if (twin?.state === 'done') {
    await commitItem(tx, item, WorkResult.fromJSON(twin.result), twin.computeSeconds);
    return { finished: item.campaignId };
  }
  if (twin) return {};
  const leaseToken = randomUUID();
  const expireTime = new Date(now + LEASE_MS);
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

/** @returns the campaigns in which something was committed: the item's, and those that wait for equal work */
async function complete(
  tx: Transaction,
  { itemId, leaseToken, result, computeSeconds }: Completion,
): Promise<string[]> {
  const item = await lockItem(tx, itemId);
  if (item.state === 'done') return [item.campaignId];
  if (item.state !== 'leased' || item.leaseToken !== leaseToken) throw leaseLost(itemId);
  await commitItem(tx, item, result, computeSeconds);
  const twins = await tx
    .select()
    .from(workItems)
    .where(and(eq(workItems.specDigest, item.specDigest), eq(workItems.state, 'open')))
    .for('update');
  for (const twin of twins) await commitItem(tx, twin, result, computeSeconds);
  return [item, ...twins].map((each) => each.campaignId);
}

interface Failure {
  readonly itemId: string;
  readonly leaseToken: string;
  readonly cause: string;
  readonly permanent: boolean;
  readonly now: number;
}

async function giveBack(tx: Transaction, { itemId, leaseToken, cause, permanent, now }: Failure): Promise<string> {
  const item = await lockItem(tx, itemId);
  if (item.state !== 'leased' || item.leaseToken !== leaseToken) throw leaseLost(itemId);
  if (!permanent && item.attempts < MAX_ATTEMPTS) {
    const notBefore = new Date(now + BACK_OFF_MS * 2 ** item.attempts);
    await tx
      .update(workItems)
      .set({ state: 'open', leaseToken: null, cause, notBefore })
      .where(eq(workItems.itemId, itemId));
    return item.campaignId;
  }
  await tx.update(workItems).set({ state: 'parked', leaseToken: null, cause }).where(eq(workItems.itemId, itemId));
  const campaign = await lockCampaign(tx, item.campaignId);
  const error = new CpralError('INTERNAL', `${item.kind} failed after ${item.attempts} attempts: ${cause}`);
  await endCampaign(tx, campaign, CampaignState.CAMPAIGN_STATE_FAILED, error);
  await publishEvent(tx, 'cpral.work.parked', itemId, { itemId, campaignId: item.campaignId, cause });
  return item.campaignId;
}

function notOpen(itemId: string): CpralError {
  return new CpralError('FAILED_PRECONDITION', `work item "${itemId}" is not open`, { reason: 'WORK_ITEM_NOT_OPEN' });
}

function leaseLost(itemId: string): CpralError {
  return new CpralError('ABORTED', `the lease of work item "${itemId}" is lost`, { reason: 'LEASE_LOST' });
}
