// The control: windows at random places, as candidates with random scores, so that the global top K draws among all of them.
//
// Windows dropped one after the other soon leave only gaps that fit no further one, and with them budget that cannot be spent.
// So the image is cut into a grid of s*s cells at a random offset, and its cells are the windows. Of all offsets, those with
// the most wholly unlabelled cells compete: a later cycle goes on with the grid of an earlier one.
import type { Size } from '../shared/images/images.ts';
import { randomInteger } from '../shared/random.ts';
import type { ScoredWindow } from './suppress.ts';
import { type PrefixSums, prefixSums, sumBetween } from './window-sum.ts';

export interface RandomRegionsOptions {
  readonly regionSizePx: number;
  /** Pixels that lie at least between two windows; by default they may touch. */
  readonly spacingPx?: number;
  readonly maxCandidates: number;
  readonly random: () => number;
}

/**
 * @param labelled H*W, 1 where a pixel is labelled already
 * @returns windows that overlap neither each other nor a labelled pixel, with scores uniform in (0, 1], best first
 */
export function randomRegions(
  labelled: Uint8Array,
  size: Size,
  { regionSizePx, spacingPx = 0, maxCandidates, random }: RandomRegionsOptions,
): ScoredWindow[] {
  const prefix = prefixSums(labelled, size);
  let best: Corner[] = [];
  let ties = 0;
  for (const offset of gridOffsets(size, regionSizePx)) {
    const cells = unlabelledCells(prefix, regionSizePx, offset);
    if (cells.length < best.length) continue;
    ties = cells.length > best.length ? 1 : ties + 1;
    // Keeps each of the tied offsets with equal probability.
    if (ties === 1 || randomInteger(random, ties) === 0) best = cells;
  }
  const ordered = best
    .map((cell) => ({ ...cell, score: 1 - random() }))
    .sort((a, b) => b.score - a.score || a.top - b.top || a.left - b.left);
  const apart = spacingPx === 0 ? ordered : spaced(ordered, size, regionSizePx + spacingPx);
  return apart.slice(0, maxCandidates);
}

/** Takes windows in their order, and leaves out those whose corner is nearer than `step` to a former one's in both directions. */
function spaced(windows: readonly ScoredWindow[], { height, width }: Size, step: number): ScoredWindow[] {
  const near = new Uint8Array(height * width);
  return windows.filter(({ top, left }) => {
    if (near[top * width + left]) return false;
    const from = Math.max(0, left - step + 1);
    const to = Math.min(width, left + step);
    for (let y = Math.max(0, top - step + 1); y < Math.min(height, top + step); y++) {
      near.fill(1, y * width + from, y * width + to);
    }
    return true;
  });
}

interface Corner {
  readonly top: number;
  readonly left: number;
}

/** The offsets at which a grid holds as many cells as any can: up to what is left over beside whole cells. */
function* gridOffsets({ height, width }: Size, regionSizePx: number): Generator<Corner> {
  for (let top = 0; top <= height % regionSizePx; top++) {
    for (let left = 0; left <= width % regionSizePx; left++) yield { top, left };
  }
}

function unlabelledCells(prefix: PrefixSums, regionSizePx: number, offset: Corner): Corner[] {
  const cells: Corner[] = [];
  for (let top = offset.top; top + regionSizePx <= prefix.height; top += regionSizePx) {
    for (let left = offset.left; left + regionSizePx <= prefix.width; left += regionSizePx) {
      const window = { top, left, bottom: top + regionSizePx, right: left + regionSizePx };
      if (sumBetween(prefix, window) === 0) cells.push({ top, left });
    }
  }
  return cells;
}
