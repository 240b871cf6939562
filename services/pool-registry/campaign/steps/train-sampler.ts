// The panoptic subset of VAAL and TA-VAAL: autoencoder and discriminator are trained on the thumbnails that rating made, and rate by
// them. It needs all images together, so it is one piece of work, over references.
import {
  type SamplerConfig,
  type ThumbnailBlock,
  ThumbnailBlocks,
} from '../../../../proto/gen/cpral/v1/panoptic_scorer.ts';
import { CampaignStep } from '../../../../proto/gen/cpral/v1/resources.ts';
import { assert, CpralError } from '../../../shared/errors.ts';
import { keepList } from '../../../shared/objects/stored-list.ts';
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

  async *enter(tx, campaign, objects) {
    let candidates = false;
    async function* seen() {
      for await (const blocks of thumbnailBlocks(tx, campaign)) {
        candidates ||= blocks.some((block) => block.candidates);
        yield blocks;
      }
    }
    const { inline, stored } = await keepList(objects, seen(), encodeBlocks);
    if (!candidates) return;
    const config = await configOf(tx, campaign);
    const seed = deriveSeed(campaign.config.seed, 'train-sampler', campaign.cycle);
    const count = await picksForSubset(tx, campaign);
    yield { spec: { $case: 'trainSampler', value: { blocks: inline, storedBlocks: stored, config, seed, count } } };
  },

  /** An image that was not picked has no rating. */
  async commit(tx, campaign, { result }) {
    assert(result?.$case === 'trainSampler', 'the training of a sampler gives ratings');
    await insertRatings(tx, campaign, result.value.ratings);
  },

  next: () => CampaignStep.CAMPAIGN_STEP_FIND_REGIONS,
};

const encodeBlocks = (blocks: ThumbnailBlock[]) => ThumbnailBlocks.encode({ blocks }).finish();

async function* thumbnailBlocks(tx: Transaction, campaign: CampaignRow): AsyncGenerator<ThumbnailBlock[]> {
  for await (const results of resultsOfStep(tx, campaign, CampaignStep.CAMPAIGN_STEP_RATE)) {
    yield results.map(({ result }) => {
      assert(result?.$case === 'rate' && result.value.thumbnails, 'rating for VAAL gives thumbnails');
      return result.value.thumbnails;
    });
  }
}

/** As many steps as the cycle's training took. */
async function configOf(tx: Transaction, campaign: CampaignRow): Promise<SamplerConfig> {
  for await (const [training] of resultsOfStep(tx, campaign, CampaignStep.CAMPAIGN_STEP_TRAIN)) {
    if (training?.result?.$case !== 'train') break;
    return samplerConfig(ranksImages(campaign.strategy), training.result.value.steps);
  }
  throw new CpralError('INTERNAL', 'a cycle is rated after its training');
}
