// How long work may still take, at the pace so far. Pure.

interface StepPace {
  readonly itemsDone: number;
  readonly itemsTotal: number;
  /** Inside the items that were begun. */
  readonly unitsDone: number;
  readonly unitsTotal: number;
  readonly elapsedMs: number;
}

/** Undefined until something is done. Units tell more than items, but for items that nobody has begun there are none yet. */
export function stepTimeLeftMs({
  itemsDone,
  itemsTotal,
  unitsDone,
  unitsTotal,
  elapsedMs,
}: StepPace): number | undefined {
  if (itemsTotal === 0) return undefined;
  const ofItems = itemsDone / itemsTotal;
  const ofUnits = itemsTotal === 1 && unitsTotal > 0 ? unitsDone / unitsTotal : 0;
  const done = Math.min(1, Math.max(ofItems, ofUnits));
  return done > 0 ? (elapsedMs * (1 - done)) / done : undefined;
}

interface CampaignPace {
  /** When each cycle so far began, in milliseconds. */
  readonly starts: readonly number[];
  /** The present cycle, from 0. */
  readonly cycle: number;
  readonly cyclesTotal: number;
  readonly now: number;
}

/**
 * At the mean of the cycles that have ended, undefined in the first one. Of the last cycle only the training is left to do; it is
 * counted as a whole cycle.
 */
export function timeLeftMs({ starts, cycle, cyclesTotal, now }: CampaignPace): number | undefined {
  const [first] = starts;
  const present = starts[cycle];
  if (cycle === 0 || first === undefined || present === undefined) return undefined;
  const meanMs = (present - first) / cycle;
  return Math.max(0, meanMs - (now - present)) + meanMs * (cyclesTotal - cycle - 1);
}
