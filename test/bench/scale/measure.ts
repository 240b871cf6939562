// What the benchmarks of scale report: a value a line, with its goal where it has one. Pure.

export interface Measure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly goal: number | null;
  /** Null where there is no goal. */
  readonly holds: boolean | null;
}

type Unit = 's' | 'ms' | 'MiB' | '' | '1/s';

/** Without a goal: shown only. */
export function shown(name: string, value: number, unit: Unit): Measure {
  return { name, value, unit, goal: null, holds: null };
}

export function atMost(name: string, value: number, unit: Unit, goal: number): Measure {
  return { name, value, unit, goal, holds: value <= goal };
}

export function atLeast(name: string, value: number, unit: Unit, goal: number): Measure {
  return { name, value, unit, goal, holds: value >= goal };
}

/** @param share 0.5 is the median; the value that at least this share does not exceed */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export function measureText({ name, value, unit, goal, holds }: Measure): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 3;
  const verdict = goal === null ? '' : `; goal ${goal} ${holds ? 'holds' : 'is not reached'}`;
  return `${name}: ${value.toFixed(digits)} ${unit}`.trimEnd() + verdict;
}
