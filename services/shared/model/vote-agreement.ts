// A check on vote entropy: where no pass ever disagrees with another, nothing was dropped, and what is selected is arbitrary.
import type { ScoringModel } from '../../../proto/gen/cpral/v1/panoptic_scorer.ts';
import { CpralError } from '../errors.ts';

export interface VotedShard {
  readonly images: readonly unknown[];
  readonly passes: number;
  readonly model: ScoringModel | undefined;
}

/** @throws FAILED_PRECONDITION where there are images and none of them has a pixel above zero */
export function refuseAgreement({ images, passes, model }: VotedShard, anyEntropy: boolean): void {
  if (anyEntropy || images.length === 0) return;
  throw new CpralError(
    'FAILED_PRECONDITION',
    `vote entropy of ${images.length} images: expected ${passes} stochastic passes to disagree somewhere, ` +
      `got zero everywhere (is there dropout in the network? its rate is ${model?.network?.dropout ?? 0})`,
    { reason: 'ENTROPY_ALL_ZERO' },
  );
}
