// Vote entropy maps of a trained network: m stochastic passes, their votes counted in the graph (Eq. 4; entropy-of-votes.ts
// has it as a definition). What lies before the first dropout runs once an image; memory does not grow with m.
import type { ScoringModel } from '../../proto/gen/cpral/v1/panoptic_scorer.ts';
import { checkClassCount } from '../shared/check-spec.ts';
import type { ComputeContext } from '../shared/compute/compute.ts';
import { openScoringModel } from '../shared/model/open-scoring-model.ts';
import { entropyTerms } from './entropy-of-votes.ts';

/**
 * @param passes m, at most 65535
 * @returns from an image (H*W*3) and a seed, its vote entropy in bits (H*W); the same arguments give the same map
 */
export async function openVoteEntropy(
  context: ComputeContext,
  model: ScoringModel,
  passes: number,
): Promise<(rgb: Uint8Array, seed: readonly [number, number]) => Float32Array> {
  const network = await openScoringModel(context.objects, model);
  const classCount = checkClassCount(model.classCount);
  const terms = entropyTerms(passes);
  return (rgb, seed) => entropyOfCounts(network.votes(rgb, { passes, seed }), classCount, terms);
}

/** @returns - sum_c (n_c / m) log2(n_c / m) of every pixel, H*W */
export function entropyOfCounts(counts: Float32Array, classCount: number, terms: Float64Array): Float32Array {
  const entropy = new Float32Array(counts.length / classCount);
  for (let pixel = 0, i = 0; pixel < entropy.length; pixel++) {
    let bits = 0;
    for (const end = i + classCount; i < end; i++) bits += terms[counts[i]!]!;
    entropy[pixel] = bits;
  }
  return entropy;
}
