import { describe, expect, it } from 'vitest';
import { stepTimeLeftMs, timeLeftMs } from '../../services/pool-registry/campaign/time-left.ts';

describe('the time left of a step', () => {
  const step = { itemsDone: 0, itemsTotal: 4, unitsDone: 0, unitsTotal: 0, elapsedMs: 10_000 };

  it('is not known before anything is done, or where there is nothing to do', () => {
    expect(stepTimeLeftMs(step)).toBeUndefined();
    expect(stepTimeLeftMs({ ...step, itemsTotal: 0 })).toBeUndefined();
  });

  it('is what remains at the pace of the items so far', () => {
    expect(stepTimeLeftMs({ ...step, itemsDone: 1 })).toBe(30_000);
    expect(stepTimeLeftMs({ ...step, itemsDone: 4 })).toBe(0);
  });

  it('of one item goes by its units', () => {
    expect(stepTimeLeftMs({ ...step, itemsTotal: 1, unitsDone: 25, unitsTotal: 100 })).toBe(30_000);
  });
});

describe('the time left of a campaign', () => {
  it('is not known in the first cycle', () => {
    expect(timeLeftMs({ starts: [0], cycle: 0, cyclesTotal: 3, now: 5_000 })).toBeUndefined();
  });

  it('is the rest of this cycle and the cycles to come, at the mean of those that ended', () => {
    expect(timeLeftMs({ starts: [0, 8_000, 20_000], cycle: 2, cyclesTotal: 5, now: 23_000 })).toBe(7_000 + 20_000);
  });

  it('is never less than the cycles to come', () => {
    expect(timeLeftMs({ starts: [0, 10_000], cycle: 1, cyclesTotal: 3, now: 90_000 })).toBe(10_000);
  });
});
