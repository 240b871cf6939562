// The next task for an annotator: the one asked for, then own ones that were sent back, then the most urgent of the oldest campaign.
import { and, asc, eq, ne, notExists, or, type SQL } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { CampaignConfig, CampaignState } from '../../../proto/gen/cpral/v1/resources.ts';
import { assert } from '../../shared/errors.ts';
import { inScope } from '../access/scope.ts';
import type { Transaction } from '../database.ts';
import { annotationTasks, campaigns } from '../schema.ts';
import { expireLeases } from './expire-leases.ts';
import { changeTask, type TaskRow } from './task-row.ts';

export interface Wish {
  readonly annotator: string;
  /** Empty: of any. */
  readonly campaignId: string;
  /** Empty: the next one. */
  readonly taskId: string;
  readonly nowMs: number;
}

/** @returns the task, leased; undefined where nothing waits for this annotator */
export async function leaseTask(tx: Transaction, wish: Wish): Promise<TaskRow | undefined> {
  await expireLeases(tx, wish.nowMs);
  const task = await nextTask(tx, wish);
  if (!task) return undefined;
  const leaseExpireTime = new Date(wish.nowMs + 1_000 * (await leaseSeconds(tx, task.campaignId)));
  return changeTask(tx, task, { state: 'leased', annotator: wish.annotator, leaseExpireTime });
}

export async function leaseSeconds(tx: Transaction, campaignId: string): Promise<number> {
  const [row] = await tx
    .select({ config: campaigns.config })
    .from(campaigns)
    .where(eq(campaigns.campaignId, campaignId));
  const { annotation } = CampaignConfig.fromJSON(row?.config);
  assert(annotation, 'a campaign that people annotate says for how long');
  return annotation.leaseSeconds;
}

async function nextTask(tx: Transaction, { annotator, campaignId, taskId }: Wish): Promise<TaskRow | undefined> {
  const ofCampaign = and(
    campaignId === '' ? undefined : eq(annotationTasks.campaignId, campaignId),
    inScope(annotationTasks.campaignId),
  );
  const own = eq(annotationTasks.annotator, annotator);
  const isOpen = eq(annotationTasks.state, 'open');
  const isReturned = and(eq(annotationTasks.state, 'returned'), own);
  const ask = (which: SQL | undefined) => first(tx, and(ofCampaign, isNotSeen(tx, annotator), which));
  if (taskId !== '') {
    const held = and(eq(annotationTasks.state, 'leased'), own);
    const asked = await ask(and(eq(annotationTasks.taskId, taskId), or(isOpen, isReturned, held)));
    if (asked) return asked;
  }
  return (await ask(isReturned)) ?? (await ask(isOpen));
}

/** Two who ask at once get two tasks: what one of them looks at the other leaves out. */
async function first(tx: Transaction, which: SQL | undefined): Promise<TaskRow | undefined> {
  const [row] = await tx
    .select({ task: annotationTasks })
    .from(annotationTasks)
    .innerJoin(campaigns, eq(campaigns.campaignId, annotationTasks.campaignId))
    .where(and(eq(campaigns.state, CampaignState.CAMPAIGN_STATE_RUNNING), which))
    .orderBy(
      asc(campaigns.createTime),
      asc(annotationTasks.campaignId),
      asc(annotationTasks.cycle),
      asc(annotationTasks.step),
      asc(annotationTasks.rank),
      asc(annotationTasks.taskId),
    )
    .limit(1)
    .for('update', { of: annotationTasks, skipLocked: true });
  return row?.task;
}

/** Nobody gives a second opinion of what they labelled themselves, nor the other way round. */
function isNotSeen(tx: Transaction, annotator: string): SQL {
  const other = alias(annotationTasks, 'other');
  return or(
    eq(annotationTasks.purpose, 'gold'),
    notExists(
      tx
        .select({ taskId: other.taskId })
        .from(other)
        .where(
          and(
            eq(other.campaignId, annotationTasks.campaignId),
            eq(other.cycle, annotationTasks.cycle),
            eq(other.step, annotationTasks.step),
            eq(other.rank, annotationTasks.rank),
            ne(other.purpose, 'gold'),
            ne(other.taskId, annotationTasks.taskId),
            eq(other.annotator, annotator),
          ),
        ),
    ),
  ) as SQL;
}
