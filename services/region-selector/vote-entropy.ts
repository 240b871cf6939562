// Vote entropy maps of a trained network: m stochastic passes, counted and turned to entropy in the graph (Eq. 4,
// shared/model/entropy-of-counts.ts). What lies before the first dropout runs once an image; memory does not grow with m.
import type { ScoringModel } from '../../proto/gen/cpral/v1/panoptic_scorer.ts';
import type { ComputeContext } from '../shared/compute/compute.ts';
import { openScoringModel } from '../shared/model/open-scoring-model.ts';

interface VoteMaps {
  readonly entropy: Float32Array;
  /** Until the next image. */
  classes(): Uint8Array;
}

/**
 * @param passes m
 * @returns from an image (H*W*3) and a seed, its vote entropy in bits and the class that most passes gave each pixel (H*W each); the same
 *   arguments give the same maps
 */
export async function openVoteEntropy(
  context: ComputeContext,
  model: ScoringModel,
  passes: number,
): Promise<(rgb: Uint8Array, seed: readonly [number, number]) => VoteMaps> {
  const network = await openScoringModel(context.objects, model);
  return (rgb, seed) => {
    const votes = network.vote(rgb, { passes, seed });
    return { entropy: votes.entropy(), classes: () => votes.classes() };
  };
}
