// A worker for one item, that is named when it is started, as in the pod of a Job: it comes to the item without a queue, and ends with it.
import type { Bus } from '../bus/bus.ts';
import { memoryBus } from '../bus/memory-bus.ts';
import { type Clock, systemClock } from '../clock.ts';
import type { WorkerService } from './worker-service.ts';

/** A pod that died without a word keeps its lease for a while. */
const LEASE_RETRY_MS = 5_000;
const LEASE_TRIES = 13;
/** Exit code of a process that was told to stop before the item was settled: 128 + SIGTERM. */
export const INTERRUPTED = 143;

export interface OneItem {
  /** As the queue would hand it out, and nothing else ever. */
  readonly bus: Bus;
  readonly service: WorkerService;
  /** Resolves when the registry knows what came of the item, or when it is not to be had. */
  readonly settled: Promise<void>;
  isSettled(): boolean;
}

export function oneItem(itemId: string, service: WorkerService, clock: Clock = systemClock): OneItem {
  const settled = Promise.withResolvers<void>();
  let isSettled = false;
  let wasLeased = false;
  const settle = () => {
    isSettled = true;
    settled.resolve();
  };
  const bus: Bus = {
    ...memoryBus(),
    consumeWork(_, handler) {
      const stop = new AbortController();
      const done = (async () => {
        for (let tries = 1; !stop.signal.aborted; ) {
          const outcome = await handler({ itemId, working: () => {} });
          if (outcome.action === 'retry') await clock.sleep(outcome.afterMs, stop.signal);
          else if (outcome.action === 'refuse' || wasLeased || tries++ >= LEASE_TRIES) return settle();
          else await clock.sleep(LEASE_RETRY_MS, stop.signal);
        }
      })();
      return {
        async close() {
          stop.abort();
          await done;
        },
      };
    },
  };
  return {
    bus,
    service: {
      ...service,
      handler(lease, options) {
        wasLeased = true;
        return service.handler(lease, options);
      },
    },
    settled: settled.promise,
    isSettled: () => isSettled,
  };
}
