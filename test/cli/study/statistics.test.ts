import { describe, expect, it } from 'vitest';
import { estimate, meanHeight, pairedDifference } from '../../../services/cli/study/statistics.ts';

describe('an estimate over seeds', () => {
  it('is the mean with Student’s 95 % interval', () => {
    // Of 1, 2, 3: deviation 1, t(0.975, 2) = 4.3027 from any table, over the root of 3.
    const { mean, halfWidth, deviation, count } = estimate([1, 2, 3])!;
    expect({ mean, deviation, count }).toEqual({ mean: 2, deviation: 1, count: 3 });
    expect(halfWidth).toBeCloseTo(4.302653 / Math.sqrt(3), 5);
  });

  it('of eight seeds takes the quantile of seven degrees of freedom', () => {
    const values = [-1, 1, -1, 1, -1, 1, -1, 1];
    expect(estimate(values)!.halfWidth! / estimate(values)!.deviation!).toBeCloseTo(2.364624 / Math.sqrt(8), 5);
  });

  it('has no interval for one seed, and is nothing for none', () => {
    expect(estimate([0.5])).toEqual({ mean: 0.5, halfWidth: null, deviation: null, count: 1 });
    expect(estimate([])).toBeNull();
  });
});

describe('a paired difference', () => {
  it('takes the seeds that both have, and what seeds share drops out', () => {
    const a = new Map([
      [1, 0.52],
      [2, 0.62],
      [3, 0.9],
    ]);
    const b = new Map([
      [1, 0.5],
      [2, 0.6],
      [4, 0.1],
    ]);
    const { mean, deviation, count } = pairedDifference(a, b)!;
    expect(mean).toBeCloseTo(0.02, 12);
    expect(deviation).toBeCloseTo(0, 12);
    expect(count).toBe(2);
  });

  it('is nothing where no seed is shared', () => {
    expect(pairedDifference(new Map([[1, 1]]), new Map([[2, 1]]))).toBeNull();
  });
});

describe('the mean height of a curve', () => {
  it('is the area under its lines over its width', () => {
    const points = [
      { x: 10, y: 0 },
      { x: 20, y: 1 },
      { x: 40, y: 1 },
    ];
    expect(meanHeight(points)).toBeCloseTo((5 + 20) / 30, 12);
  });

  it('needs two points', () => {
    expect(meanHeight([{ x: 1, y: 1 }])).toBeNull();
    expect(meanHeight([])).toBeNull();
  });
});
