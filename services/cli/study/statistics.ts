// Means over seeds with their uncertainty. Pure.
//
//   mean +- t_(0.975, n-1) s / sqrt(n)      s  standard deviation over the n seeds, divided by n - 1
//
// Student's interval supposes nothing of how large the noise is; it is wide for few seeds, and there is none for one.
import jStat from 'jstat';

const CONFIDENCE = 0.95;

export interface Estimate {
  readonly mean: number;
  /** Half the width of the 95 % interval; null for a single seed. */
  readonly halfWidth: number | null;
  /** Standard deviation over the seeds; null for a single one. */
  readonly deviation: number | null;
  /** Seeds. */
  readonly count: number;
}

/** @returns null where there are no values */
export function estimate(values: readonly number[]): Estimate | null {
  const count = values.length;
  if (count === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  if (count === 1) return { mean, halfWidth: null, deviation: null, count };
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1));
  const quantile = jStat.studentt.inv((1 + CONFIDENCE) / 2, count - 1);
  return { mean, halfWidth: (quantile * deviation) / Math.sqrt(count), deviation, count };
}

/** By seed. */
export type BySeed = ReadonlyMap<number, number>;

/** a - b of the seeds that both have: what the seeds share, such as the first labels, drops out. */
export function pairedDifference(a: BySeed, b: BySeed): Estimate | null {
  return estimate([...a].flatMap(([seed, value]) => (b.has(seed) ? [value - b.get(seed)!] : [])));
}

/**
 * The mean height of a curve: the area under its points, joined by lines, over its width.
 * @param points by x, ascending
 * @returns null for fewer than two points
 */
export function meanHeight(points: readonly { readonly x: number; readonly y: number }[]): number | null {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || last.x <= first.x) return null;
  let area = 0;
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1]!, points[i]!];
    area += ((a.y + b.y) / 2) * (b.x - a.x);
  }
  return area / (last.x - first.x);
}
