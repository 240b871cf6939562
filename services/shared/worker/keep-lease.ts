// Keeps an item while its work makes progress: the lease with the registry, the message with the bus.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Progress } from '../../../proto/gen/cpral/v1/trainer.ts';
import type { WorkLease, WorkQueueClient } from '../../../proto/gen/cpral/v1/work.ts';
import { CpralError } from '../errors.ts';
import { call } from '../grpc/client.ts';

const CALL_DEADLINE_MS = 10_000;
/** Also how fast a cancelled campaign is noticed. */
const RENEW_INTERVAL_MS = 1_000;

interface KeepOptions {
  readonly registry: WorkQueueClient;
  readonly lease: WorkLease;
  readonly silenceLimitMs: number;
  readonly working: () => void;
}

export interface LeaseKeeper {
  /** Aborts when the work is to be given up. */
  readonly ended: AbortSignal;
  /** Why: the registry took the lease back, or the work was silent for too long. */
  end(): 'lost' | 'hung' | undefined;
  started(): void;
  progress(update: Progress): void;
  stop(): Promise<void>;
}

export function keepLease({ registry, lease, silenceLimitMs, working }: KeepOptions): LeaseKeeper {
  const { itemId, leaseToken } = lease;
  let latest: Progress | undefined;
  /** Undefined while the work waits for its turn: then it has nothing to report. */
  let heardAt: number | undefined;
  let end: 'lost' | 'hung' | undefined;
  const stop = new AbortController();
  const ended = new AbortController();
  const giveUp = (why: 'lost' | 'hung') => {
    end = why;
    ended.abort();
  };

  const done = (async () => {
    while (!stop.signal.aborted) {
      await sleep(RENEW_INTERVAL_MS, undefined, { signal: stop.signal }).catch(() => {});
      if (stop.signal.aborted) return;
      if (heardAt !== undefined && Date.now() - heardAt > silenceLimitMs) return giveUp('hung');
      try {
        const request = { itemId, leaseToken, progress: latest };
        await call(registry.renewLease.bind(registry), request, { deadlineMs: CALL_DEADLINE_MS });
        working();
      } catch (error) {
        if (error instanceof CpralError && error.code === 'ABORTED') return giveUp('lost');
      }
    }
  })();

  return {
    ended: ended.signal,
    end: () => end,
    started() {
      heardAt = Date.now();
    },
    progress(update) {
      heardAt = Date.now();
      latest = { ...update, checkpoint: update.checkpoint ?? latest?.checkpoint };
    },
    async stop() {
      stop.abort();
      await done;
    },
  };
}
