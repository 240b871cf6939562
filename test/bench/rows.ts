// What the timings say about the goals. Pure.
import type { Timing } from './contest.ts';
import type { Goal } from './goals.ts';

export interface Row {
  readonly name: string;
  readonly ours: { readonly name: string; readonly value: number };
  readonly peer: { readonly name: string; readonly value: number };
  /** Of the minima. */
  readonly ratio: number;
  readonly goal: number | null;
  /** Null where there is no goal. */
  readonly holds: boolean | null;
}

/** Times in milliseconds, the minimum of the repeats; memory in bytes. */
export function compare(timings: readonly Timing[], goals: readonly Goal[]): Row[] {
  const measured = (name: string, measure: Goal['measure']) => {
    const timing = timings.find((each) => each.name === name)!;
    return { name, value: measure === 'time' ? Math.min(...timing.ms) : timing.peakBytes };
  };
  return goals.map(({ name, ours, peer, measure, ratio: goal = null }) => {
    const [own, other] = [measured(`ours ${ours}`, measure), measured(peer, measure)];
    const ratio = own.value / other.value;
    return { name, ours: own, peer: other, ratio, goal, holds: goal === null ? null : ratio <= goal };
  });
}

export function timingText(heading: string, timings: readonly Timing[]): string {
  const lines = timings.map(({ name, ms, peakBytes }) => {
    const sorted = ms.toSorted((a, b) => a - b);
    const [least, middle] = [sorted[0]!, sorted[sorted.length >> 1]!];
    const peak = `${(peakBytes / 2 ** 30).toFixed(2)} GiB`;
    return `  ${name.padEnd(22)} ${least.toFixed(1).padStart(8)} ms (median ${middle.toFixed(1)}), peak ${peak}`;
  });
  return ['', heading, ...lines].join('\n');
}

export function rowText({ name, ours, peer, ratio, goal, holds }: Row): string {
  const verdict = goal === null ? '' : `; goal ${goal.toFixed(3)} ${holds ? 'holds' : 'is not reached'}`;
  return `${name}, ${ours.name} by ${peer.name}: ${ratio.toFixed(3)}${verdict}`;
}
