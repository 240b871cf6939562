// The steps of a campaign, by name.
import type { CampaignStep } from '../../../proto/gen/cpral/v1/resources.ts';
import { assert } from '../../shared/errors.ts';
import type { Step } from './step.ts';
import { annotate } from './steps/annotate.ts';
import { extend } from './steps/extend.ts';
import { findRegions } from './steps/find-regions.ts';
import { initialLabels } from './steps/initial-labels.ts';
import { rate } from './steps/rate.ts';
import { selectCentres } from './steps/select-centres.ts';
import { train } from './steps/train.ts';
import { trainSampler } from './steps/train-sampler.ts';

const STEPS = new Map(
  [initialLabels, train, rate, selectCentres, trainSampler, findRegions, annotate, extend].map((step) => [
    step.step,
    step,
  ]),
);

export function stepNamed(step: CampaignStep): Step {
  const found = STEPS.get(step);
  assert(found, `campaign step ${step} is in the table`);
  return found;
}
