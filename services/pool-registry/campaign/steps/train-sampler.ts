// The panoptic subset of VAAL and TA-VAAL: autoencoder and discriminator are trained on the thumbnails that rating made, and rate by
// them. It needs all images together, so it is one piece of work, over references.
import type { SamplerConfig, ThumbnailBlock } from '../../../../proto/gen/cpral/v1/panoptic_scorer.ts';
import { CampaignStep } from '../../../../proto/gen/cpral/v1/resources.ts';
import { assert } from '../../../shared/errors.ts';
import { samplerConfig } from '../../../shared/sampler/sampler-config.ts';
import type { Transaction } from '../../database.ts';
import { type CampaignRow, deriveSeed } from '../campaign-row.ts';
import { insertRatings } from '../insert-ratings.ts';
import { picksForSubset } from '../picks-for-subset.ts';
import { resultsOfStep } from '../results-of-step.ts';
import type { Step } from '../step.ts';
import { ranksImages } from '../strategies.ts';

export const trainSampler: Step = {
  step: CampaignStep.CAMPAIGN_STEP_TRAIN_SAMPLER,

  async *enter(tx, campaign) {
    const blocks = await thumbnailBlocks(tx, campaign);
    if (!blocks.some(({ candidates }) => candidates)) return;
    const config = await configOf(tx, campaign);
    const seed = deriveSeed(campaign.config.seed, 'train-sampler', campaign.cycle);
    const count = await picksForSubset(tx, campaign);
    yield { spec: { $case: 'trainSampler', value: { blocks, config, seed, count } } };
  },

  /** An image that was not picked has no rating. */
  async commit(tx, campaign, { result }) {
    assert(result?.$case === 'trainSampler', 'the training of a sampler gives ratings');
    await insertRatings(tx, campaign, result.value.ratings);
  },

  next: () => CampaignStep.CAMPAIGN_STEP_FIND_REGIONS,
};

async function thumbnailBlocks(tx: Transaction, campaign: CampaignRow): Promise<ThumbnailBlock[]> {
  const results = await resultsOfStep(tx, campaign, CampaignStep.CAMPAIGN_STEP_RATE);
  return results.map(({ result }) => {
    assert(result?.$case === 'rate' && result.value.thumbnails, 'rating for VAAL gives thumbnails');
    return result.value.thumbnails;
  });
}

/** As many steps as the cycle's training took. */
async function configOf(tx: Transaction, campaign: CampaignRow): Promise<SamplerConfig> {
  const [training] = await resultsOfStep(tx, campaign, CampaignStep.CAMPAIGN_STEP_TRAIN);
  assert(training?.result?.$case === 'train', 'a cycle is rated after its training');
  return samplerConfig(ranksImages(campaign.strategy), training.result.value.steps);
}
