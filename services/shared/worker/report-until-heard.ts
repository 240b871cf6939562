// Says something to a registry until it is heard: one that is away is waited for, with longer and longer pauses, up to a limit.
import type { Clock } from '../clock.ts';
import { CpralError } from '../errors.ts';
import { seededRandom } from '../random.ts';

const FIRST_PAUSE_MS = 400;
/** Well below a lease: whoever was away for longer finds this report before the lease runs out. */
const LONGEST_PAUSE_MS = 5_000;
/** Workers that waited for the same registry do not come back to it together. */
const JITTER = 0.5;

export interface Reporting {
  readonly clock: Clock;
  /** Whose report it is; its pauses follow from it. */
  readonly itemId: string;
  /** From the first attempt; none is begun after it. */
  readonly limitMs: number;
  /** Ends the pauses, and with them the attempts. */
  readonly signal?: AbortSignal;
  /** Once, where the first attempt was not heard. */
  readonly onAway?: (error: CpralError) => void;
}

/** @throws what the registry answers, or that it was away where the limit was reached or the signal aborted */
export async function reportUntilHeard<T>(
  report: () => Promise<T>,
  { clock, itemId, limitMs, signal, onAway }: Reporting,
): Promise<T> {
  const untilMs = clock.now() + limitMs;
  const random = seededRandom('report', itemId);
  for (let attempt = 0; ; attempt++) {
    try {
      return await report();
    } catch (error) {
      if (!isAway(error)) throw error;
      if (attempt === 0) onAway?.(error);
      const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** attempt, LONGEST_PAUSE_MS) * (1 - JITTER * random());
      if (clock.now() + pauseMs >= untilMs) throw error;
      await clock.sleep(pauseMs, signal);
      if (signal?.aborted) throw error;
    }
  }
}

function isAway(error: unknown): error is CpralError {
  return error instanceof CpralError && (error.code === 'UNAVAILABLE' || error.code === 'DEADLINE_EXCEEDED');
}
