// What a worker says to the registry about an item. A result is worth a long wait for a registry that is away; a lost lease is not.
import type { WorkLease, WorkQueueClient, WorkResult } from '../../../proto/gen/cpral/v1/work.ts';
import type { Clock } from '../clock.ts';
import type { Computed } from '../compute/compute.ts';
import { CpralError } from '../errors.ts';
import { call } from '../grpc/client.ts';
import { fromDuration } from '../grpc/duration.ts';
import type { Log } from '../log.ts';
import { reportUntilHeard } from './report-until-heard.ts';

const CALL_DEADLINE_MS = 10_000;
const COMMIT_DEADLINE_MS = 30_000;
/** A result may be hours of work: it waits for a registry until somebody has seen to it. The lease is kept, and nothing else is taken. */
const RESULT_LIMIT_MS = 10 * 60_000;
/** A failure is found again by whoever has the item next; a registry that is started anew is back by then. */
const FAILURE_LIMIT_MS = 25_000;

interface Failure {
  /** For people: one sentence. */
  readonly cause: string;
  readonly permanent: boolean;
}

type Done = Computed<WorkResult>;

interface ReportOptions {
  readonly registry: WorkQueueClient;
  readonly log: Log;
  readonly clock: Clock;
}

export function workReports({ registry, log, clock }: ReportOptions) {
  const settings = { deadlineMs: CALL_DEADLINE_MS };
  /** What is not said in the end is said by silence: the lease expires. */
  const unheard = (itemId: string) => (error: unknown) => {
    log.warn({ item: itemId, err: error }, 'the registry was not told; the lease will expire');
    return undefined;
  };

  return {
    /** Throws FAILED_PRECONDITION where somebody else has the item or it is done. */
    async lease(itemId: string, worker: string): Promise<WorkLease> {
      const { lease } = await call(registry.leaseWorkItem.bind(registry), { itemId, worker }, settings);
      if (!lease) throw new CpralError('INTERNAL', 'LeaseWorkItem: expected a lease in the answer, got none');
      return lease;
    },

    /** @param signal ends the wait for a registry that is away, and the attempt under way with it */
    async complete({ itemId, leaseToken }: WorkLease, { result, seconds }: Done, signal: AbortSignal): Promise<void> {
      const request = { itemId, leaseToken, result, computeSeconds: seconds };
      const commit = { deadlineMs: COMMIT_DEADLINE_MS, signal };
      await reportUntilHeard(() => call(registry.completeWorkItem.bind(registry), request, commit), {
        ...{ clock, itemId, signal, limitMs: RESULT_LIMIT_MS },
        onAway: (error) => log.warn({ item: itemId, err: error }, 'work done, its result waits for the registry'),
      });
    },

    /** @returns when the item is handed out again; undefined where it is not */
    async fail(
      { itemId, leaseToken }: WorkLease,
      { cause, permanent }: Failure,
      signal: AbortSignal,
    ): Promise<number | undefined> {
      const request = { itemId, leaseToken, cause, permanent };
      const answer = await reportUntilHeard(() => call(registry.failWorkItem.bind(registry), request, settings), {
        ...{ clock, itemId, signal, limitMs: FAILURE_LIMIT_MS },
      }).catch(unheard(itemId));
      const delay = answer?.retryDelay;
      return delay && fromDuration(delay);
    },

    async release({ itemId, leaseToken }: WorkLease, cause: string, delayMs = 0): Promise<void> {
      const request = { itemId, leaseToken, cause, delaySeconds: delayMs / 1_000 };
      await call(registry.releaseWorkItem.bind(registry), request, settings).catch(unheard(itemId));
    },
  };
}
