// The loss of the loss-prediction head, as a definition on arrays (Yoo and Kweon 2019, Eq. 2; "matching rating" in CPRAL).
//
//   L = 2/B  sum over pairs (i, B-1-i) of  max(0, margin - sign(l_i - l_j) (p_i - p_j)),   sign = +1 if l_i > l_j, else -1
//
//   l  target: an image's mean cross-entropy over labelled pixels, detached      B       images of the batch, even
//   p  what the head predicts                                                    margin  1
//
// Only the order counts: the scale of the loss changes as training goes on.
import { assert } from '../shared/errors.ts';

/** @param losses l, B values @param predictions p, B values @returns L, the mean over B/2 pairs */
export function lossPairs(losses: ArrayLike<number>, predictions: ArrayLike<number>, margin = 1): number {
  const batch = losses.length;
  assert(batch === predictions.length, `expected ${batch} predictions for ${batch} losses, got ${predictions.length}`);
  assert(batch >= 2 && batch % 2 === 0, `pairs need an even number of images, got ${batch}`);
  let sum = 0;
  for (let i = 0; i < batch / 2; i++) {
    const j = batch - 1 - i;
    const sign = losses[i]! > losses[j]! ? 1 : -1;
    sum += Math.max(0, margin - sign * (predictions[i]! - predictions[j]!));
  }
  return sum / (batch / 2);
}
