// A worker for one item, that is named when it is started, as in the pod of a Job: it comes to the item without a queue, and ends with it.
import type { Bus } from '../bus/bus.ts';
import { memoryBus } from '../bus/memory-bus.ts';
import { type Clock, systemClock } from '../clock.ts';
import type { WorkerService } from './worker-service.ts';

/** A pod that died without a word keeps its lease for a while. */
const LEASE_RETRY_MS = 5_000;
const LEASE_TRIES = 13;
/** A worker that lacks something for so long is better ended than kept: another pod may be on a better node. */
const START_LIMIT_MS = 5 * 60_000;
const EXIT = {
  settled: 0,
  neverStarted: 1,
  /** Told to stop before the item was settled: 128 + SIGTERM. */
  interrupted: 143,
} as const;

export interface OneItem {
  /** Hands out the item, and nothing else ever. */
  readonly bus: Bus;
  readonly service: WorkerService;
  /** Resolves when the registry knows what came of the item, when it is not to be had, or when the work could not be started. */
  readonly ended: Promise<void>;
  /** What the process says by its end, to whoever decides whether there is another. */
  exitCode(): number;
}

export function oneItem(itemId: string, service: WorkerService, clock: Clock = systemClock): OneItem {
  const ended = Promise.withResolvers<void>();
  const started = new AbortController();
  let exitCode: number = EXIT.interrupted;
  let wasLeased = false;
  const end = (code: number) => {
    exitCode = code;
    ended.resolve();
  };
  void clock.sleep(START_LIMIT_MS, started.signal).then(() => {
    if (!started.signal.aborted) end(EXIT.neverStarted);
  });
  const bus: Bus = {
    ...memoryBus(),
    consumeWork(_, handler) {
      started.abort();
      const stop = new AbortController();
      const done = (async () => {
        for (let tries = 1; !stop.signal.aborted; ) {
          const outcome = await handler({ itemId, working: () => {} });
          if (outcome.action === 'retry') await clock.sleep(outcome.afterMs, stop.signal);
          else if (outcome.action === 'refuse' || wasLeased || tries++ >= LEASE_TRIES) return end(EXIT.settled);
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
    async close() {
      started.abort();
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
    ended: ended.promise,
    exitCode: () => exitCode,
  };
}
