// The panoptic subset of core-set: k-centre greedy over the embeddings that rating made. It needs all images together, so it is one
// piece of work, over references; no pixel is read again.
import { and, eq, gt } from 'drizzle-orm';
import { type EmbeddingBlock, EmbeddingBlocks } from '../../../../proto/gen/cpral/v1/panoptic_scorer.ts';
import { CampaignStep, PoolState } from '../../../../proto/gen/cpral/v1/resources.ts';
import { WorkResult } from '../../../../proto/gen/cpral/v1/work.ts';
import { assert } from '../../../shared/errors.ts';
import { keepList } from '../../../shared/objects/stored-list.ts';
import type { Transaction } from '../../database.ts';
import { poolItems, ratings, workItems } from '../../schema.ts';
import type { CampaignRow } from '../campaign-row.ts';
import { cycleBudget } from '../cycle-budget.ts';
import { pagesOf, shards } from '../shards.ts';
import type { Step } from '../step.ts';
import { labelsWholeImages } from '../strategies.ts';

const ROWS_PER_INSERT = 1000;
const RESULTS_PER_PAGE = 500;

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
    const count = await centreCount(tx, campaign);
    yield { spec: { $case: 'selectCentres', value: { blocks: inline, storedBlocks: stored, count } } };
  },

  /** Distances fall from pick to pick, so as ratings they keep the order; an image that was not picked has none. */
  async commit(tx, { campaignId, cycle }, { result }) {
    assert(result?.$case === 'selectCentres', 'the selection of centres gives ratings');
    const rows = result.value.ratings.map(({ imageId, rating }) => ({ campaignId, cycle, imageId, rating }));
    for (const some of shards(rows, ROWS_PER_INSERT)) await tx.insert(ratings).values(some).onConflictDoNothing();
  },

  next: () => CampaignStep.CAMPAIGN_STEP_FIND_REGIONS,
};

const encodeBlocks = (blocks: EmbeddingBlock[]) => EmbeddingBlocks.encode({ blocks }).finish();

async function* embeddingBlocks(tx: Transaction, { campaignId, cycle }: CampaignRow): AsyncGenerator<EmbeddingBlock[]> {
  const ofRating = and(
    eq(workItems.campaignId, campaignId),
    eq(workItems.cycle, cycle),
    eq(workItems.step, CampaignStep.CAMPAIGN_STEP_RATE),
    // A shard that was cut in two has its results in its halves; an excluded image has none.
    eq(workItems.state, 'done'),
  );
  const pages = pagesOf<{ itemId: string; result: unknown }>((after) =>
    tx
      .select({ itemId: workItems.itemId, result: workItems.result })
      .from(workItems)
      .where(and(ofRating, after && gt(workItems.itemId, after.itemId)))
      .orderBy(workItems.itemId)
      .limit(RESULTS_PER_PAGE),
  );
  for await (const page of pages) {
    yield page.map((row) => {
      const { result } = WorkResult.fromJSON(row.result);
      assert(result?.$case === 'rate' && result.value.embeddings, 'rating for core-set gives embeddings');
      return result.value.embeddings;
    });
  }
}

/**
 * A partly labelled image is a centre and lies at distance 0, so it is picked last, and counts for its unlabelled share only: with
 * one pick more for each of them the subset is full in any case.
 */
async function centreCount(tx: Transaction, campaign: CampaignRow): Promise<number> {
  const { campaignId, config, strategy } = campaign;
  if (labelsWholeImages(strategy)) return cycleBudget(campaign).regions;
  const partly = and(eq(poolItems.campaignId, campaignId), eq(poolItems.state, PoolState.POOL_STATE_PARTLY_LABELLED));
  return config.subsetImages + (await tx.$count(poolItems, partly));
}
