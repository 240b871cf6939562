// The registry's side of the work queue as calls: what becomes of an item is in leases/; here it is logged, counted and told on.
import { type WorkQueueServer, WorkQueueService } from '../../../proto/gen/cpral/v1/work.ts';
import { CpralError, invalid } from '../../shared/errors.ts';
import { toDuration } from '../../shared/grpc/duration.ts';
import { grpcService } from '../../shared/grpc/server.ts';
import { workRetriesTotal } from '../../shared/telemetry/metrics.ts';
import { advanceOrLeave } from '../campaign/state-machine.ts';
import type { RegistryContext } from '../context.ts';
import { completeWork } from '../leases/complete-work.ts';
import { failWork } from '../leases/fail-work.ts';
import { releaseWork } from '../leases/release-work.ts';
import { renewLease } from '../leases/renew-lease.ts';
import { takeLease } from '../leases/take-lease.ts';
import { countCommitted } from '../metrics/count-committed.ts';
import { unary } from './handlers.ts';

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
      const { campaignId: campaign, cycle, attempt } = lease;
      log.info({ campaign, cycle, item: itemId, worker, attempt }, 'work leased');
      changes.notifyWatchers(campaign);
      return { lease };
    }),

    renewLease: unary(log, async ({ itemId, leaseToken, progress }) => {
      const expireTime = new Date(clock.now() + leaseMs);
      const { campaignId } = await renewLease(db, { itemId, leaseToken, progress, expireTime });
      changes.notifyWatchers(campaignId);
      return { expireTime };
    }),

    completeWorkItem: unary(log, async ({ itemId, leaseToken, result, computeSeconds }) => {
      if (!result?.result) {
        throw invalid('result: expected the result of the work, got nothing', { field: 'result' });
      }
      const completion = { itemId, leaseToken, result, computeSeconds };
      const { item, isNew, campaignIds } = await db.transaction((tx) => completeWork(tx, completion));
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
      const failure = { itemId, leaseToken, cause: cause.slice(0, CAUSE_LIMIT), permanent, nowMs: clock.now() };
      const { item, retryDelayMs } = await db.transaction((tx) => failWork(tx, failure));
      const { campaignId: campaign, cycle, worker, kind } = item;
      if (retryDelayMs !== undefined) workRetriesTotal.inc({ kind, reason: 'failed' });
      log.warn({ campaign, cycle, worker, cause, permanent, retryDelayMs }, 'work failed');
      changes.notify(campaign);
      if (retryDelayMs === undefined) await advanceOrLeave(context, campaign);
      return { retryDelay: retryDelayMs === undefined ? undefined : toDuration(retryDelayMs) };
    }),

    releaseWorkItem: unary(log, async ({ itemId, leaseToken, cause, delaySeconds }) => {
      if (!(delaySeconds >= 0 && delaySeconds <= MAX_RELEASE_DELAY_SECONDS)) {
        throw invalid(`delay_seconds: expected 0 to ${MAX_RELEASE_DELAY_SECONDS}, got ${delaySeconds}`, {
          field: 'delay_seconds',
        });
      }
      const notBefore = new Date(clock.now() + 1_000 * delaySeconds);
      const release = { itemId, leaseToken, cause: cause.slice(0, CAUSE_LIMIT), notBefore };
      const { campaignId: campaign, cycle, worker, kind } = await releaseWork(db, release);
      workRetriesTotal.inc({ kind, reason: 'released' });
      log.info({ campaign, cycle, worker, cause }, 'work given back');
      changes.notifyWatchers(campaign);
      return {};
    }),
  } satisfies WorkQueueServer);
}

function notOpen(itemId: string): CpralError {
  return new CpralError('FAILED_PRECONDITION', `work item "${itemId}" is not open`, { reason: 'WORK_ITEM_NOT_OPEN' });
}
