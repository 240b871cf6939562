// What the shards of an earlier step of the cycle came to, a page at a time.
import { and, eq, gt } from 'drizzle-orm';
import type { CampaignStep } from '../../../proto/gen/cpral/v1/resources.ts';
import { WorkResult } from '../../../proto/gen/cpral/v1/work.ts';
import type { Transaction } from '../database.ts';
import { workItems } from '../schema.ts';
import type { CampaignRow } from './campaign-row.ts';
import { pagesOf } from './shards.ts';

const RESULTS_PER_PAGE = 500;

export async function* resultsOfStep(
  tx: Transaction,
  { campaignId, cycle }: CampaignRow,
  step: CampaignStep,
): AsyncGenerator<WorkResult[]> {
  const ofStep = and(
    eq(workItems.campaignId, campaignId),
    eq(workItems.cycle, cycle),
    eq(workItems.step, step),
    // A shard that was cut in two has its results in its halves; an excluded image has none.
    eq(workItems.state, 'done'),
  );
  const pages = pagesOf<{ itemId: string; result: unknown }>((after) =>
    tx
      .select({ itemId: workItems.itemId, result: workItems.result })
      .from(workItems)
      .where(and(ofStep, after && gt(workItems.itemId, after.itemId)))
      .orderBy(workItems.itemId)
      .limit(RESULTS_PER_PAGE),
  );
  for await (const page of pages) yield page.map(({ result }) => WorkResult.fromJSON(result));
}
