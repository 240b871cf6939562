// A check on stochastic passes: where nothing is dropped, all of them agree, and what is selected is arbitrary.
import type { ScoringModel } from '../../../proto/gen/cpral/v1/panoptic_scorer.ts';
import { invalid } from '../errors.ts';

/** Of the model, not of what comes of an image: passes may well agree on all of one, and that must not depend on its shard. */
export function checkDropout(model: ScoringModel | undefined): void {
  const rate = model?.network?.dropout ?? 0;
  if (rate > 0) return;
  const field = 'model.network.dropout';
  throw invalid(`${field}: expected a rate above 0, so that stochastic passes can differ, got ${rate}`, { field });
}
