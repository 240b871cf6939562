// Keeps an item while its work makes progress: the lease with the registry, the message with the bus.
import type { Progress } from '../../../proto/gen/cpral/v1/trainer.ts';
import type { WorkLease, WorkQueueClient } from '../../../proto/gen/cpral/v1/work.ts';
import type { Clock } from '../clock.ts';
import { CpralError } from '../errors.ts';
import { call } from '../grpc/client.ts';
import { unrecorded } from '../telemetry/spans.ts';

const CALL_DEADLINE_MS = 10_000;
/** Also how fast a cancelled campaign is noticed. */
const RENEW_INTERVAL_MS = 1_000;

interface KeepOptions {
  readonly registry: WorkQueueClient;
  readonly clock: Clock;
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
  /** From now on only the result's way to the registry takes time: nothing is hung, and no other worker is to begin. */
  computed(): void;
  stop(): Promise<void>;
}

export function keepLease({ registry, clock, lease, silenceLimitMs, working }: KeepOptions): LeaseKeeper {
  const { itemId, leaseToken } = lease;
  let latest: Progress | undefined;
  /** Undefined while the work waits for its turn: then it has nothing to report. */
  let heardAt: number | undefined;
  let isComputed = false;
  let end: 'lost' | 'hung' | undefined;
  const stop = new AbortController();
  const ended = new AbortController();
  const giveUp = (why: 'lost' | 'hung') => {
    end = why;
    ended.abort();
  };

  const renew = async (): Promise<'kept' | 'lost' | 'unheard'> => {
    const request = { itemId, leaseToken, progress: latest };
    try {
      // One a second, for hours maybe: a trace would hold little else.
      await unrecorded(() => call(registry.renewLease.bind(registry), request, { deadlineMs: CALL_DEADLINE_MS }));
      return 'kept';
    } catch (error) {
      return error instanceof CpralError && error.code === 'ABORTED' ? 'lost' : 'unheard';
    }
  };
  const keepMessage = () => {
    try {
      working();
    } catch {
      // A bus that is away hands the message out again, and the lease refuses whoever gets it.
    }
  };

  const done = (async () => {
    while (!stop.signal.aborted) {
      await clock.sleep(RENEW_INTERVAL_MS, stop.signal);
      if (stop.signal.aborted) return;
      const isSilent = heardAt !== undefined && clock.now() - heardAt > silenceLimitMs;
      if (isSilent && !isComputed) return giveUp('hung');
      const answer = await renew();
      if (answer === 'lost') return giveUp('lost');
      if (answer === 'kept' || isComputed) keepMessage();
    }
  })();

  return {
    ended: ended.signal,
    end: () => end,
    started() {
      heardAt = clock.now();
    },
    progress(update) {
      heardAt = clock.now();
      latest = { ...update, checkpoint: update.checkpoint ?? latest?.checkpoint };
    },
    computed() {
      isComputed = true;
    },
    async stop() {
      stop.abort();
      await done;
    },
  };
}
