// The panoptic subset of core-set: k-centre greedy over the embeddings that rating made. It needs all images together, so it is one
// piece of work, over references; no pixel is read again.
import type { EmbeddingBlock } from '../../../../proto/gen/cpral/v1/panoptic_scorer.ts';
import { CampaignStep } from '../../../../proto/gen/cpral/v1/resources.ts';
import { assert } from '../../../shared/errors.ts';
import type { Transaction } from '../../database.ts';
import type { CampaignRow } from '../campaign-row.ts';
import { insertRatings } from '../insert-ratings.ts';
import { picksForSubset } from '../picks-for-subset.ts';
import { resultsOfStep } from '../results-of-step.ts';
import type { Step } from '../step.ts';

export const selectCentres: Step = {
  step: CampaignStep.CAMPAIGN_STEP_SELECT_CENTRES,

  async *enter(tx, campaign) {
    const blocks = await embeddingBlocks(tx, campaign);
    if (!blocks.some(({ candidates }) => candidates)) return;
    yield { spec: { $case: 'selectCentres', value: { blocks, count: await picksForSubset(tx, campaign) } } };
  },

  /** Distances fall from pick to pick, so as ratings they keep the order; an image that was not picked has none. */
  async commit(tx, campaign, { result }) {
    assert(result?.$case === 'selectCentres', 'the selection of centres gives ratings');
    await insertRatings(tx, campaign, result.value.ratings);
  },

  next: () => CampaignStep.CAMPAIGN_STEP_FIND_REGIONS,
};

async function embeddingBlocks(tx: Transaction, campaign: CampaignRow): Promise<EmbeddingBlock[]> {
  const results = await resultsOfStep(tx, campaign, CampaignStep.CAMPAIGN_STEP_RATE);
  return results.map(({ result }) => {
    assert(result?.$case === 'rate' && result.value.embeddings, 'rating for core-set gives embeddings');
    return result.value.embeddings;
  });
}
