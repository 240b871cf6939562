// The panoptic subset of core-set: k-centre greedy over the embeddings that rating made. It needs all images together, so it is one
// piece of work, over references; no pixel is read again.
import { type EmbeddingBlock, EmbeddingBlocks } from '../../../../proto/gen/cpral/v1/panoptic_scorer.ts';
import { CampaignStep } from '../../../../proto/gen/cpral/v1/resources.ts';
import { assert } from '../../../shared/errors.ts';
import { keepList } from '../../../shared/objects/stored-list.ts';
import type { Transaction } from '../../database.ts';
import type { CampaignRow } from '../campaign-row.ts';
import { insertRatings } from '../insert-ratings.ts';
import { picksForSubset } from '../picks-for-subset.ts';
import { resultsOfStep } from '../results-of-step.ts';
import type { Step } from '../step.ts';

export const selectCentres: Step = {
  step: CampaignStep.CAMPAIGN_STEP_SELECT_CENTRES,

  async *enter(tx, campaign, objects) {
    let candidates = false;
    async function* seen() {
      for await (const blocks of embeddingBlocks(tx, campaign)) {
        candidates ||= blocks.some((block) => block.candidates);
        yield blocks;
      }
    }
    const { inline, stored } = await keepList(objects, seen(), encodeBlocks);
    if (!candidates) return;
    const count = await picksForSubset(tx, campaign);
    yield { spec: { $case: 'selectCentres', value: { blocks: inline, storedBlocks: stored, count } } };
  },

  /** Distances fall from pick to pick, so as ratings they keep the order; an image that was not picked has none. */
  async commit(tx, campaign, { result }) {
    assert(result?.$case === 'selectCentres', 'the selection of centres gives ratings');
    await insertRatings(tx, campaign, result.value.ratings);
  },

  next: () => CampaignStep.CAMPAIGN_STEP_FIND_REGIONS,
};

const encodeBlocks = (blocks: EmbeddingBlock[]) => EmbeddingBlocks.encode({ blocks }).finish();

async function* embeddingBlocks(tx: Transaction, campaign: CampaignRow): AsyncGenerator<EmbeddingBlock[]> {
  for await (const results of resultsOfStep(tx, campaign, CampaignStep.CAMPAIGN_STEP_RATE)) {
    yield results.map(({ result }) => {
      assert(result?.$case === 'rate' && result.value.embeddings, 'rating for core-set gives embeddings');
      return result.value.embeddings;
    });
  }
}
