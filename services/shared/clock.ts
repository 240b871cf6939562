// The port to time, for whatever decides by it: leases, back-off, polling. A simulation puts its own in place of the system's.
import { setTimeout } from 'node:timers/promises';

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after the time, or as soon as the signal aborts. */
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: Date.now,
  sleep: (durationMs, signal) => setTimeout(durationMs, undefined, signal && { signal }).catch(() => {}),
};
