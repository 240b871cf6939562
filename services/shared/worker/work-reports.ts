// What a worker says to the registry about an item. A result is worth several tries; a lost lease is not.
import type { WorkLease, WorkQueueClient, WorkResult } from '../../../proto/gen/cpral/v1/work.ts';
import type { Clock } from '../clock.ts';
import { CpralError } from '../errors.ts';
import { call } from '../grpc/client.ts';
import { fromDuration } from '../grpc/duration.ts';
import type { Log } from '../log.ts';

const CALL_DEADLINE_MS = 10_000;
const COMMIT_DEADLINE_MS = 30_000;
/** Some 25 s in all: a registry that is started anew is back by then. */
const REPORT_ATTEMPTS = 7;
const REPORT_PAUSE_MS = 200;

interface Failure {
  /** For people: one sentence. */
  readonly cause: string;
  readonly permanent: boolean;
}

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

    async complete({ itemId, leaseToken }: WorkLease, result: WorkResult, computeSeconds: number): Promise<void> {
      const request = { itemId, leaseToken, result, computeSeconds };
      await reported(clock, () =>
        call(registry.completeWorkItem.bind(registry), request, { deadlineMs: COMMIT_DEADLINE_MS }),
      );
    },

    /** @returns when the item is handed out again; undefined where it is not */
    async fail({ itemId, leaseToken }: WorkLease, { cause, permanent }: Failure): Promise<number | undefined> {
      const request = { itemId, leaseToken, cause, permanent };
      const answer = await reported(clock, () => call(registry.failWorkItem.bind(registry), request, settings)).catch(
        unheard(itemId),
      );
      const delay = answer?.retryDelay;
      return delay && fromDuration(delay);
    },

    async release({ itemId, leaseToken }: WorkLease, cause: string, delayMs = 0): Promise<void> {
      const request = { itemId, leaseToken, cause, delaySeconds: delayMs / 1_000 };
      await call(registry.releaseWorkItem.bind(registry), request, settings).catch(unheard(itemId));
    },
  };
}

async function reported<T>(clock: Clock, report: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await report();
    } catch (error) {
      const again = error instanceof CpralError && (error.code === 'UNAVAILABLE' || error.code === 'DEADLINE_EXCEEDED');
      if (!again || attempt >= REPORT_ATTEMPTS) throw error;
      await clock.sleep(REPORT_PAUSE_MS * 2 ** attempt);
    }
  }
}
