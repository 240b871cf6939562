// The campaign: train, rate, select the subset, find regions, pick the best, annotate, extend, and again.
// Entering a step writes the new state, its work and its events in one transaction; whoever comes second finds nothing to do.
import { and, eq, inArray, sql } from 'drizzle-orm';
import { CampaignState, CampaignStep } from '../../../proto/gen/cpral/v1/resources.ts';
import { CpralError } from '../../shared/errors.ts';
import type { ObjectStore } from '../../shared/objects/object-store.ts';
import { inSpan, linkToNow } from '../../shared/telemetry/spans.ts';
import { cancelAllTasks, cancelOpenTasks } from '../annotation/cancel-tasks.ts';
import { annotatedByPeople, hasUndecidedLabels } from '../annotation/task-row.ts';
import type { RegistryContext } from '../context.ts';
import type { Database, Transaction } from '../database.ts';
import { publishEvent } from '../outbox.ts';
import { campaigns, operations, workItems } from '../schema.ts';
import { type CampaignRow, lockCampaign, readCampaign, type tryLockCampaign } from './campaign-row.ts';
import { stepNamed } from './steps.ts';
import { insertWork } from './work-items.ts';

/**
 * Moves a campaign on as far as it can go: past every step whose work is all committed. Safe to call at any time.
 * @param lock tryLockCampaign for who comes again anyway, and need not wait for a step that somebody else is entering
 */
export async function advance(
  context: RegistryContext,
  campaignId: string,
  lock: typeof lockCampaign | typeof tryLockCampaign = lockCampaign,
): Promise<void> {
  // Asked after every result: most find that there is more to do, and need no lock for it. Whoever commits last finds none.
  if (!(await isReadyToMove(context.db, await readCampaign(context.db, campaignId)))) return;
  const moved = await context.db
    .transaction(async (tx) => {
      let campaign = await lock(tx, campaignId);
      if (!campaign) return false;
      let steps = 0;
      while (await isReadyToMove(tx, campaign)) {
        campaign = await tracedMove(context, tx, campaign);
        steps++;
      }
      return steps > 0;
    })
    .catch(async (error: unknown) => {
      // The step says that it cannot be: to try again would change nothing.
      if (!(error instanceof CpralError) || error.code !== 'FAILED_PRECONDITION') throw error;
      context.log.error({ campaign: campaignId, err: error }, 'campaign cannot go on');
      await failCampaign(context, campaignId, error);
      return true;
    });
  if (moved) context.changes.notify(campaignId);
}

/** Ends a campaign that still runs, in a transaction of its own. */
export async function failCampaign({ db }: RegistryContext, campaignId: string, error: CpralError): Promise<void> {
  await db.transaction(async (tx) => {
    const campaign = await lockCampaign(tx, campaignId);
    if (campaign.state !== CampaignState.CAMPAIGN_STATE_RUNNING) return;
    await endCampaign(tx, campaign, CampaignState.CAMPAIGN_STATE_FAILED, error);
  });
}

/** After a commit, which stands whatever becomes of the next step: one that cannot be entered now is tried again by the reconciler. */
export async function advanceOrLeave(context: RegistryContext, campaignId: string): Promise<void> {
  try {
    await advance(context, campaignId);
  } catch (error) {
    context.log.error({ campaign: campaignId, err: error }, 'step not entered, left to the reconciler');
  }
}

/** A step is a trace of its own, linked to what completed the step before: one trace of all steps would have no end. */
function tracedMove({ log, objects }: RegistryContext, tx: Transaction, campaign: CampaignRow): Promise<CampaignRow> {
  const links = linkToNow();
  return inSpan('campaign step', { root: true, ...(links && { links }) }, async (span) => {
    const moved = await move(tx, campaign, objects);
    const { campaignId, cycle, step } = moved;
    span.setAttributes({ 'cpral.campaign': campaignId, 'cpral.cycle': cycle, 'cpral.step': step });
    log.info({ campaign: campaignId, cycle, step }, 'campaign moved');
    return moved;
  });
}

/** Parked work of a running campaign is of an excluded image or only measures, and split work has become other items. People may still think. */
async function isReadyToMove(db: Database | Transaction, campaign: CampaignRow): Promise<boolean> {
  if (campaign.state !== CampaignState.CAMPAIGN_STATE_RUNNING) return false;
  const { campaignId, cycle, step } = campaign;
  const ofStep = and(eq(workItems.campaignId, campaignId), eq(workItems.cycle, cycle), eq(workItems.step, step));
  const unfinished = await db
    .select({ itemId: workItems.itemId })
    .from(workItems)
    .where(and(ofStep, inArray(workItems.state, ['open', 'leased'])))
    .limit(1);
  if (unfinished.length > 0) return false;
  return !(annotatedByPeople(campaign.config) && (await hasUndecidedLabels(db, campaign)));
}

async function move(tx: Transaction, campaign: CampaignRow, objects: ObjectStore): Promise<CampaignRow> {
  const step = stepNamed(campaign.step).next(campaign);
  if (annotatedByPeople(campaign.config)) await cancelOpenTasks(tx, campaign);
  if (step === CampaignStep.CAMPAIGN_STEP_DONE) {
    const state = CampaignState.CAMPAIGN_STATE_SUCCEEDED;
    await changeCampaign(tx, campaign, { step, state });
    await tx
      .update(operations)
      .set({ done: true, updateTime: new Date() })
      .where(eq(operations.campaignId, campaign.campaignId));
    return { ...campaign, step, state };
  }
  const cycle =
    step === CampaignStep.CAMPAIGN_STEP_TRAIN && campaign.step !== CampaignStep.CAMPAIGN_STEP_INITIAL_LABELS
      ? campaign.cycle + 1
      : campaign.cycle;
  const entered = { ...campaign, step, cycle };
  await changeCampaign(tx, campaign, { step, cycle, stepStartTime: new Date() });
  await enterStep(tx, entered, objects);
  return entered;
}

export async function enterStep(tx: Transaction, campaign: CampaignRow, objects: ObjectStore): Promise<void> {
  await insertWork(tx, campaign, stepNamed(campaign.step).enter(tx, campaign, objects));
}

/** Changes a campaign's row, counts the transition and tells about it. */
export async function changeCampaign(
  tx: Transaction,
  campaign: CampaignRow,
  change: Partial<typeof campaigns.$inferInsert>,
): Promise<void> {
  const { campaignId } = campaign;
  await tx
    .update(campaigns)
    .set({ ...change, version: sql`${campaigns.version} + 1`, updateTime: new Date() })
    .where(eq(campaigns.campaignId, campaignId));
  await publishEvent(tx, 'cpral.campaign.changed', campaignId, {
    campaignId,
    state: (change.state ?? campaign.state) as CampaignState,
    step: (change.step ?? campaign.step) as CampaignStep,
    cycle: change.cycle ?? campaign.cycle,
  });
}

/** Ends a campaign that did not succeed. Its work is given up at the next renewal; one that failed may need it again. */
export async function endCampaign(
  tx: Transaction,
  campaign: CampaignRow,
  state: typeof CampaignState.CAMPAIGN_STATE_FAILED | typeof CampaignState.CAMPAIGN_STATE_CANCELLED,
  error: CpralError,
): Promise<void> {
  await changeCampaign(tx, campaign, { state, error: error.message });
  if (state === CampaignState.CAMPAIGN_STATE_CANCELLED) {
    const pending = and(eq(workItems.campaignId, campaign.campaignId), inArray(workItems.state, ['open', 'leased']));
    await tx.update(workItems).set({ state: 'cancelled', leaseToken: null }).where(pending);
    await cancelAllTasks(tx, campaign);
  }
  await tx
    .update(operations)
    .set({ done: true, errorCode: grpcCode(error), errorMessage: error.message, updateTime: new Date() })
    .where(eq(operations.campaignId, campaign.campaignId));
}

function grpcCode({ code }: CpralError): number {
  if (code === 'CANCELLED') return 1;
  return code === 'FAILED_PRECONDITION' ? 9 : 13;
}
