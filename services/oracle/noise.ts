// An annotator's mistakes (section "Robustness Analysis"). A unit is answered wrongly with probability p, and then
//
//   symmetric   c -> (n - 1) - c          1/4
//   missing     c -> 255                  1/2
//   asymmetric  c -> any other class      1/4
//
//   c   true class      n   classes      p   noise level, 0.2, 0.4 and 0.6 in the paper
//
// Unlike the paper, symmetric noise is (n - 1) - c: n - c would send class 0 to an id that no class has. With an odd n the
// middle class stays itself. The unit is a connected segment, as people mislabel things, not pixels; or a pixel.
import type { Size } from '../shared/images/images.ts';
import { NO_CLASS } from '../shared/labels/origins.ts';
import { randomInteger } from '../shared/random.ts';
import { findSegments } from './segments.ts';

const SYMMETRIC_SHARE = 1 / 4;
const MISSING_SHARE = 1 / 2;

export interface NoiseOptions {
  /** Probability in [0, 1] that a unit is answered wrongly. */
  readonly noise: number;
  readonly classCount: number;
  readonly unit: 'segment' | 'pixel';
  readonly random: () => number;
}

/**
 * Void stays void: there is nothing to mistake. With equal randomness, what is wrong at one level is wrong in the same way at
 * every higher level.
 * @param classes true classes of a region, H*W
 * @returns what the annotator answers, H*W
 */
export function addNoise(classes: Uint8Array, size: Size, options: NoiseOptions): Uint8Array {
  if (options.unit === 'pixel') return classes.map((id) => answer(id, options));
  const segments = findSegments(classes, size);
  const answers = new Uint8Array(segments.count);
  let answered = 0;
  return classes.map((id, pixel) => {
    const segment = segments.ids[pixel]!;
    if (segment === answered) answers[answered++] = answer(id, options);
    return answers[segment]!;
  });
}

function answer(id: number, { noise, classCount, random }: NoiseOptions): number {
  // Drawn whether they are needed or not, so that a unit's draws do not depend on the level.
  const mistake = random();
  const kind = random();
  const other = randomInteger(random, Math.max(1, classCount - 1));
  if (id === NO_CLASS || mistake >= noise) return id;
  if (kind < SYMMETRIC_SHARE) return classCount - 1 - id;
  if (kind < SYMMETRIC_SHARE + MISSING_SHARE || classCount === 1) return NO_CLASS;
  return other < id ? other : other + 1;
}
