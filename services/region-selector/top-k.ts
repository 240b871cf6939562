// The best regions over all images: the global top K.
import { assert } from '../shared/errors.ts';

export interface RankedWindow {
  readonly imageId: string;
  readonly top: number;
  readonly left: number;
  readonly score: number;
}

/**
 * Higher scores first. Ties are common, as votes take few levels: they are broken by image id, top, left, and ids compare by
 * code units, so that no machine's locale has a say.
 */
function compareRegions(a: RankedWindow, b: RankedWindow): number {
  if (a.score !== b.score) return b.score - a.score;
  if (a.imageId !== b.imageId) return a.imageId < b.imageId ? -1 : 1;
  return a.top - b.top || a.left - b.left;
}

/** @returns the best `count` candidates, best first; all of them where there are fewer */
export function topRegions<T extends RankedWindow>(candidates: readonly T[], count: number): T[] {
  assert(
    candidates.every(({ score }) => Number.isFinite(score)),
    'scores that are ranked are finite',
  );
  return candidates.toSorted(compareRegions).slice(0, count);
}
