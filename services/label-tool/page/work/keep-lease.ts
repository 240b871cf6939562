// Renews a lease in good time for as long as the page is open. A renewal that did not get through is tried again until the lease is over.
import { type Signal, signal } from '@preact/signals';
import type { LeaseRenewed } from '../../api-types.ts';
import { Refused } from '../client/request.ts';

/** Renewed when a third of what was left is gone, and not more often than that. */
const SHARE_BEFORE_RENEWAL = 1 / 3;
const SOONEST_MS = 2_000;

export interface KeptLease {
  /** When it ends, in ms since 1970. */
  readonly endsAtMs: Signal<number>;
  stop(): void;
}

/** The task was changed elsewhere: once that is settled, the lease is renewed as before. */
const OVERTAKEN = 412;

/** @param refused hears the status with which the server refused */
export function keepLease(
  endsAt: string,
  renew: () => Promise<LeaseRenewed>,
  refused: (status: number) => void,
): KeptLease {
  const endsAtMs = signal(Date.parse(endsAt));
  let stopped = false;
  let timer: ReturnType<typeof setTimeout>;
  const schedule = () => {
    if (stopped) return;
    timer = setTimeout(turn, Math.max(SOONEST_MS, (endsAtMs.value - Date.now()) * SHARE_BEFORE_RENEWAL));
  };
  const turn = async () => {
    try {
      endsAtMs.value = Date.parse((await renew()).leaseExpiresAt);
    } catch (error) {
      if (stopped) return;
      const status = error instanceof Refused ? error.problem.status : 500;
      if (status < 500) refused(status);
      if (status < 500 && status !== OVERTAKEN) return;
    }
    schedule();
  };
  schedule();
  return {
    endsAtMs,
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
