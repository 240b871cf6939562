// What a cycle's acquisition costs by CPRAL, which rates the pool and searches the subset, and by region-only, which searches the
// pool; the paper's Cityscapes numbers. Pure.
import type { Timing } from './contest.ts';
import type { Row } from './rows.ts';

const SHARD_IMAGES = 4;
const POOL_IMAGES = 2775;
const SUBSET_IMAGES = 400;
/** The paper, MobileNet: 8.28 of 23.2 minutes. */
const PAPER_RATIO = 0.357;

/** @param rating of shards; finding of shards, by the same contestants */
export function acquisition(rating: readonly Timing[], finding: readonly Timing[]): Row[] {
  return rating.map(({ name, ms }) => {
    const rated = Math.min(...ms) / SHARD_IMAGES;
    const found = Math.min(...finding.find((timing) => timing.name === name)!.ms) / SHARD_IMAGES;
    const whole = POOL_IMAGES * rated + SUBSET_IMAGES * found;
    const regionOnly = POOL_IMAGES * found;
    const ratio = whole / regionOnly;
    return {
      name: 'acquisition of a cycle',
      ours: { name, value: whole },
      peer: { name: 'region-only', value: regionOnly },
      ratio,
      goal: PAPER_RATIO,
      holds: ratio <= PAPER_RATIO,
    };
  });
}
