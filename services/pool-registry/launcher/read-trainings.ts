// The trainings that a Job may be needed for, or may no longer be.
import { and, eq, inArray, or } from 'drizzle-orm';
import { CampaignState } from '../../../proto/gen/cpral/v1/resources.ts';
import type { Database } from '../database.ts';
import { campaigns, workItems } from '../schema.ts';
import type { WaitingTraining } from './plan-jobs.ts';

/** A campaign has one training at a time. */
const MAX_TRAININGS = 20_000;
const { CAMPAIGN_STATE_RUNNING, CAMPAIGN_STATE_PAUSED } = CampaignState;

/**
 * Oldest campaign first.
 * @param itemIds those for which there are Jobs: they are read whatever became of them
 */
export async function readTrainings(
  db: Database,
  itemIds: readonly string[],
  nowMs: number,
): Promise<WaitingTraining[]> {
  const rows = await db
    .select({
      itemId: workItems.itemId,
      failures: workItems.failures,
      specDigest: workItems.specDigest,
      state: workItems.state,
      notBefore: workItems.notBefore,
      campaignState: campaigns.state,
    })
    .from(workItems)
    .innerJoin(campaigns, eq(campaigns.campaignId, workItems.campaignId))
    .where(
      and(
        eq(workItems.kind, 'train'),
        or(inArray(workItems.state, ['open', 'leased']), inArray(workItems.itemId, [...itemIds])),
      ),
    )
    .orderBy(campaigns.createTime, workItems.itemId)
    .limit(MAX_TRAININGS);
  return rows.map(({ state, notBefore, campaignState, ...training }) => {
    const isRunning = campaignState === CAMPAIGN_STATE_RUNNING;
    // What is under way in a paused campaign is finished.
    const isWanted =
      (state === 'open' && isRunning) || (state === 'leased' && (isRunning || campaignState === CAMPAIGN_STATE_PAUSED));
    return {
      ...training,
      state: state === 'open' || state === 'leased' || state === 'done' ? state : 'given-up',
      isWanted,
      isDue: state === 'open' && notBefore.getTime() <= nowMs,
    };
  });
}
