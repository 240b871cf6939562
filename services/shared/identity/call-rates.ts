// How fast one identity may call: a bucket of tokens each, which fills steadily. Of those who have not called for long nothing is kept.
import { CpralError } from '../errors.ts';

export interface CallRate {
  readonly perSecond: number;
  /** At once, after a pause. */
  readonly burst: number;
}

interface Bucket {
  tokens: number;
  atMs: number;
}

const MAX_KEPT = 10_000;

/** @returns counts a call; throws RESOURCE_EXHAUSTED, with the time to wait, where it is one too many */
export function callRates({ perSecond, burst }: CallRate): (who: string, nowMs: number) => void {
  const buckets = new Map<string, Bucket>();
  return (who, nowMs) => {
    const { tokens, atMs } = buckets.get(who) ?? { tokens: burst, atMs: nowMs };
    const filled = Math.min(burst, tokens + (Math.max(0, nowMs - atMs) * perSecond) / 1_000);
    // Written last: the front of the map is who has not called for longest.
    buckets.delete(who);
    buckets.set(who, { tokens: filled >= 1 ? filled - 1 : filled, atMs: nowMs });
    const [oldest] = buckets.keys();
    if (buckets.size > MAX_KEPT && oldest !== undefined) buckets.delete(oldest);
    if (filled >= 1) return;
    throw new CpralError('RESOURCE_EXHAUSTED', `expected at most ${perSecond} calls a second, got more`, {
      reason: 'RATE_LIMITED',
      retryAfterMs: Math.ceil(((1 - filled) / perSecond) * 1_000),
    });
  };
}
