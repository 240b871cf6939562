// What a label costs its annotator: seconds in which something was done, clicks and strokes. A pause counts for its first seconds only.
import type { Cost } from '../../api-types.ts';

/** After so long without a sign of life nobody is at work. */
export const IDLE_AFTER_MS = 30_000;

export interface ActiveTime {
  /** Something was done: a key, a movement, a wheel. */
  note(nowMs: number): void;
  click(nowMs: number): void;
  stroke(nowMs: number): void;
  cost(): Cost;
}

/** @param earlier what an earlier session of the same task had cost */
export function createActiveTime(earlier: Cost = { activeSeconds: 0, clicks: 0, strokes: 0 }): ActiveTime {
  let activeMs = earlier.activeSeconds * 1000;
  let { clicks, strokes } = earlier;
  let lastMs: number | undefined;
  const note = (nowMs: number) => {
    if (lastMs !== undefined) activeMs += Math.min(IDLE_AFTER_MS, Math.max(0, nowMs - lastMs));
    lastMs = nowMs;
  };
  return {
    note,
    click(nowMs) {
      note(nowMs);
      clicks++;
    },
    stroke(nowMs) {
      note(nowMs);
      strokes++;
    },
    cost: () => ({ activeSeconds: Math.round(activeMs / 100) / 10, clicks, strokes }),
  };
}
