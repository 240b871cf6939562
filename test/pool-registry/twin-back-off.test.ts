import { describe, expect, it } from 'vitest';
import { twinBackOffMs } from '../../services/pool-registry/campaign/twin-back-off.ts';

/** When an item is asked for in vain, one time after the other. */
function askedAtMs(itemId: string, untilMs: number): number[] {
  const times = [0];
  while (times.at(-1)! < untilMs) times.push(times.at(-1)! + twinBackOffMs(itemId, times.at(-1)!));
  return times;
}

describe('an item that waits for its equal', () => {
  it('is asked for ever more rarely, and at least every half minute', () => {
    const times = askedAtMs('campaign/0/1/0', 1_200_000);
    const waits = times.slice(1).map((time, i) => time - times[i]!);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(1_500);
    expect(Math.max(...waits)).toBeLessThanOrEqual(30_000);
    expect(waits.at(-1)).toBeGreaterThan(20_000);
    // Every two seconds would be six hundred times.
    expect(times.length).toBeLessThan(70);
  });

  it('is asked for at other times than those that were opened with it, and at the same ones each time', () => {
    const [one, two] = ['a', 'b'].map((name) => askedAtMs(`${name}/0/1/0`, 60_000));
    expect(one).not.toEqual(two);
    expect(askedAtMs('a/0/1/0', 60_000)).toEqual(one);
  });

  it('waits no longer for a clock that went back', () => {
    expect(twinBackOffMs('a/0/1/0', -5_000)).toBeLessThanOrEqual(2_000);
  });
});
