// The vote of each stochastic pass: what the counts of k + 1 passes have over those of k.
import type { ScoringSession } from '../../services/shared/model/scoring-session.ts';

/** @returns the classes [height * width] of pass after pass */
export function votesOfPasses(
  session: ScoringSession,
  image: Uint8Array,
  { passes, seed, classCount }: { passes: number; seed: readonly [number, number]; classCount: number },
): Uint8Array[] {
  let before = new Float32Array(0);
  return Array.from({ length: passes }, (_, pass) => {
    const counts = session.vote(image, { passes: pass + 1, seed }).counts();
    const classes = Uint8Array.from({ length: counts.length / classCount }, (_, pixel) => {
      const added = Array.from({ length: classCount }, (_, id) => {
        const i = pixel * classCount + id;
        return counts[i]! - (before[i] ?? 0);
      });
      if (added.filter((count) => count === 1).length !== 1 || added.some((count) => count !== 0 && count !== 1)) {
        throw new Error(`a pass votes once a pixel, got ${added}`);
      }
      return added.indexOf(1);
    });
    before = counts.slice();
    return classes;
  });
}
