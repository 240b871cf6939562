import { describe, expect, it } from 'vitest';
import { callRates } from '../../../services/shared/identity/call-rates.ts';

const rate = { perSecond: 10, burst: 3 };

/** @returns how many of so many calls at once are let through */
function letThrough(count: (who: string, nowMs: number) => void, calls: number, nowMs: number, who = 'ada'): number {
  let through = 0;
  for (let i = 0; i < calls; i++) {
    try {
      count(who, nowMs);
      through++;
    } catch {
      // One too many.
    }
  }
  return through;
}

describe('the rate of calls', () => {
  it('lets a burst through, then as many as fill up, and never more than a burst', () => {
    const count = callRates(rate);
    expect(letThrough(count, 10, 0)).toBe(3);
    expect(letThrough(count, 10, 50)).toBe(0);
    expect(letThrough(count, 10, 100)).toBe(1);
    expect(letThrough(count, 10, 300)).toBe(2);
    expect(letThrough(count, 10, 1e9)).toBe(3);
  });

  it('is each identity’s own', () => {
    const count = callRates(rate);
    expect(letThrough(count, 10, 0, 'ada')).toBe(3);
    expect(letThrough(count, 10, 0, 'eve')).toBe(3);
  });

  it('says how long to wait', () => {
    const count = callRates(rate);
    letThrough(count, 3, 0);
    expect(() => count('ada', 0)).toThrow(
      expect.objectContaining({ code: 'RESOURCE_EXHAUSTED', reason: 'RATE_LIMITED', retryAfterMs: 100 }),
    );
    expect(letThrough(count, 1, 100)).toBe(1);
  });

  it('gives nothing for a clock that goes back', () => {
    const count = callRates(rate);
    letThrough(count, 3, 1_000);
    expect(letThrough(count, 10, 0)).toBe(0);
  });

  it('keeps as many as are remembered, and no more', () => {
    const count = callRates(rate);
    letThrough(count, 3, 0);
    for (let i = 0; i < 10_000; i++) count(`other-${i}`, 0);
    expect(letThrough(count, 10, 0)).toBe(3);
  });
});
