// What the shards of an earlier step of the cycle came to.
import { and, eq } from 'drizzle-orm';
import type { CampaignStep } from '../../../proto/gen/cpral/v1/resources.ts';
import { WorkResult } from '../../../proto/gen/cpral/v1/work.ts';
import type { Transaction } from '../database.ts';
import { workItems } from '../schema.ts';
import type { CampaignRow } from './campaign-row.ts';

export async function resultsOfStep(
  tx: Transaction,
  { campaignId, cycle }: CampaignRow,
  step: CampaignStep,
): Promise<WorkResult[]> {
  const ofStep = and(
    eq(workItems.campaignId, campaignId),
    eq(workItems.cycle, cycle),
    eq(workItems.step, step),
    // A shard that was cut in two has its results in its halves; an excluded image has none.
    eq(workItems.state, 'done'),
  );
  const rows = await tx.select({ result: workItems.result }).from(workItems).where(ofStep).orderBy(workItems.itemId);
  return rows.map(({ result }) => WorkResult.fromJSON(result));
}
