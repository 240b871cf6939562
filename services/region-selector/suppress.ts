// Non-maximum suppression, Eq. 6: the best centre, then every centre whose window would overlap its window is out, and again.
//
//   Z = argmax F(y, x)      window: the s*s pixels around the centre, moved inside where it would leave the image
//
// Centres that move to the same window are one candidate with the best of their scores, so suppression works on windows by
// their top-left corner: two overlap where both their tops and their lefts differ by less than s. Ties: smaller top, then left.
// With a spacing of d pixels they have to differ by s + d: the picks of an image lie apart, so that they show different things.
// The maximum of each row is kept, so a pick costs the 2s - 1 rows that it changes and not the whole map.
import { assert } from '../shared/errors.ts';
import type { Size } from '../shared/images/images.ts';

export interface ScoredWindow {
  readonly top: number;
  readonly left: number;
  readonly score: number;
}

/** Marks a window that may not be picked. */
export const INELIGIBLE = Number.NEGATIVE_INFINITY;

/** Scores by the top-left corner of the window, (H-s+1)*(W-s+1). */
export interface WindowScores extends Readonly<Size> {
  readonly scores: Float64Array;
}

/**
 * @param centres F, H*W: scores by the window's centre
 * @returns the best score among the centres of each window
 */
export function scoresByWindow(
  centres: Float32Array | Float64Array,
  { height, width }: Size,
  regionSizePx: number,
): WindowScores {
  assert(centres.length === height * width, `expected scores of ${height}x${width}, got ${centres.length}`);
  assert(regionSizePx % 2 === 1 && regionSizePx <= Math.min(height, width), 'a region is odd and fits the image');
  const radius = (regionSizePx - 1) / 2;
  const rows = height - regionSizePx + 1;
  const columns = width - regionSizePx + 1;
  const scores = new Float64Array(rows * columns).fill(INELIGIBLE);
  for (let y = 0; y < height; y++) {
    const top = clamp(y - radius, rows - 1);
    for (let x = 0; x < width; x++) {
      const window = top * columns + clamp(x - radius, columns - 1);
      const score = centres[y * width + x]!;
      if (score > scores[window]!) scores[window] = score;
      // A message for each pixel would take longer than all else here.
      else if (Number.isNaN(score)) assert(false, `a score is a number, got NaN at row ${y}, column ${x}`);
    }
  }
  return { height: rows, width: columns, scores };
}

export interface SuppressionOptions {
  readonly regionSizePx: number;
  /** Pixels that lie at least between two windows; by default they may touch. */
  readonly spacingPx?: number;
  readonly maxCandidates: number;
}

/** @returns windows at least spacingPx apart, none over another, best first, at most maxCandidates, none that is ineligible */
export function suppress(
  { height, width, scores }: WindowScores,
  { regionSizePx, spacingPx = 0, maxCandidates }: SuppressionOptions,
): ScoredWindow[] {
  const remaining = scores.slice();
  const bestColumns = new Int32Array(height);
  const findBestColumn = (row: number) => {
    let best = row * width;
    for (let i = best + 1; i < (row + 1) * width; i++) if (remaining[i]! > remaining[best]!) best = i;
    bestColumns[row] = best - row * width;
  };
  for (let row = 0; row < height; row++) findBestColumn(row);

  const reach = regionSizePx + spacingPx - 1;
  const picked: ScoredWindow[] = [];
  while (picked.length < maxCandidates) {
    let top = 0;
    let score = INELIGIBLE;
    for (let row = 0; row < height; row++) {
      const best = remaining[row * width + bestColumns[row]!]!;
      if (best > score) [top, score] = [row, best];
    }
    if (score === INELIGIBLE) break;
    const column = bestColumns[top]!;
    picked.push({ top, left: column, score });
    const from = Math.max(0, column - reach);
    const to = Math.min(width - 1, column + reach);
    for (let row = Math.max(0, top - reach); row <= Math.min(height - 1, top + reach); row++) {
      remaining.fill(INELIGIBLE, row * width + from, row * width + to + 1);
      if (bestColumns[row]! >= from && bestColumns[row]! <= to) findBestColumn(row);
    }
  }
  return picked;
}

const clamp = (value: number, max: number) => Math.max(0, Math.min(max, value));
