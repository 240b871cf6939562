// Vote entropy, Eq. 4, as a definition on arrays.
//
//   E = - sum_c (n_c / m) log2(n_c / m),   0 log 0 = 0
//
//   n_c  how many of the m passes voted for class c (hard votes: the argmax of each pass)      E  bits, 0 .. log2(min(m, C))
//
// n_c takes m + 1 values, so a table of m + 1 terms replaces the logarithms.
import { assert } from '../shared/errors.ts';

/** @returns the term of n votes at index n: -(n/m) log2(n/m) in bits, m + 1 values */
export function entropyTerms(passes: number): Float64Array {
  return Float64Array.from({ length: passes + 1 }, (_, votes) =>
    votes === 0 || votes === passes ? 0 : -(votes / passes) * Math.log2(votes / passes),
  );
}

/**
 * @param votes class ids, m*H*W: pass after pass
 * @returns E in bits, H*W
 */
export function entropyOfVotes(
  votes: Uint8Array,
  { passes, classCount }: { passes: number; classCount: number },
): Float64Array {
  assert(
    passes >= 1 && votes.length % passes === 0,
    `expected ${passes} passes of equal size, got ${votes.length} votes`,
  );
  const terms = entropyTerms(passes);
  const pixels = votes.length / passes;
  const counts = new Uint32Array(classCount);
  const entropy = new Float64Array(pixels);
  for (let pixel = 0; pixel < pixels; pixel++) {
    counts.fill(0);
    for (let pass = 0; pass < passes; pass++) {
      const vote = votes[pass * pixels + pixel]!;
      assert(vote < classCount, `expected votes for classes below ${classCount}, got ${vote}`);
      counts[vote]!++;
    }
    for (const count of counts) entropy[pixel]! += terms[count]!;
  }
  return entropy;
}
