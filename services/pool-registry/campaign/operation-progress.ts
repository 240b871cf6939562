// How far a campaign's operation has come, and how long it may still take.
import { asc, eq } from 'drizzle-orm';
import type { OperationProgress } from '../../../proto/gen/cpral/v1/operations.ts';
import { CampaignConfig, CampaignState } from '../../../proto/gen/cpral/v1/resources.ts';
import { assert } from '../../shared/errors.ts';
import { toDuration } from '../../shared/grpc/duration.ts';
import type { Database } from '../database.ts';
import { campaigns, cycles } from '../schema.ts';
import { progressOf } from './campaign-view.ts';
import { stepTimeLeftMs, timeLeftMs } from './time-left.ts';

export async function operationProgress(db: Database, campaignId: string): Promise<OperationProgress> {
  const [campaign] = await db.select().from(campaigns).where(eq(campaigns.campaignId, campaignId));
  assert(campaign, 'an operation has a campaign');
  const { cycles: cyclesTotal } = CampaignConfig.fromJSON(campaign.config);
  const succeeded = campaign.state === CampaignState.CAMPAIGN_STATE_SUCCEEDED;
  const { itemsDone, itemsTotal, unitsDone, unitsTotal } = await progressOf(db, campaign);
  const now = Date.now();
  const step = { itemsDone, itemsTotal, unitsDone, unitsTotal, elapsedMs: now - campaign.stepStartTime.getTime() };
  const stepLeftMs = campaign.state === CampaignState.CAMPAIGN_STATE_RUNNING ? stepTimeLeftMs(step) : undefined;
  const leftMs =
    campaign.state === CampaignState.CAMPAIGN_STATE_RUNNING
      ? timeLeftMs({ starts: await cycleStarts(db, campaignId), cycle: campaign.cycle, cyclesTotal, now })
      : undefined;
  return {
    cyclesDone: succeeded ? cyclesTotal : campaign.cycle,
    cyclesTotal,
    ...{ itemsDone, itemsTotal, unitsDone, unitsTotal },
    stepTimeLeft: stepLeftMs === undefined ? undefined : toDuration(stepLeftMs),
    timeLeft: leftMs === undefined ? undefined : toDuration(leftMs),
  };
}

async function cycleStarts(db: Database, campaignId: string): Promise<number[]> {
  const rows = await db
    .select({ createTime: cycles.createTime })
    .from(cycles)
    .where(eq(cycles.campaignId, campaignId))
    .orderBy(asc(cycles.cycle));
  return rows.map((row) => row.createTime.getTime());
}
