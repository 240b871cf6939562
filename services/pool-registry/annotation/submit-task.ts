// Answers: submitted by whoever has the task, then accepted, sent back, or done without.
import { eq } from 'drizzle-orm';
import type { AnnotationCost } from '../../../proto/gen/cpral/v1/annotation.ts';
import { AnnotationDecision } from '../../../proto/gen/cpral/v1/events.ts';
import { AnnotationConfig, ObjectRef } from '../../../proto/gen/cpral/v1/resources.ts';
import { CpralError, invalid } from '../../shared/errors.ts';
import { lockCampaign, readCampaign } from '../campaign/campaign-row.ts';
import type { RegistryContext } from '../context.ts';
import type { Transaction } from '../database.ts';
import { publishEvent } from '../outbox.ts';
import { annotationTasks } from '../schema.ts';
import { readDraft, requireComplete } from './drafts.ts';
import { finishImage } from './finish-image.ts';
import { requireEtag, requireHeld } from './held-task.ts';
import { type Judgement, judge } from './judge.ts';
import { changeTask, lockTask, readTask, type TaskRow } from './task-row.ts';

const { ANNOTATION_DECISION_ACCEPTED, ANNOTATION_DECISION_RETURNED, ANNOTATION_DECISION_SKIPPED } = AnnotationDecision;

export interface Submission {
  readonly taskId: string;
  readonly etag: string;
  readonly cost: AnnotationCost;
}

interface Looked {
  readonly version: number;
  readonly judgement: Judgement;
}

/** Reads and checks the draft, before a transaction is held up by it. */
export async function lookAt({ db, objects }: RegistryContext, { taskId, etag }: Submission): Promise<Looked> {
  const task = await readTask(db, taskId);
  requireHeld(task, etag);
  const campaign = await readCampaign(db, task.campaignId);
  if (!task.draft) {
    throw new CpralError('FAILED_PRECONDITION', 'draft: expected a label for every pixel of the window, got none', {
      field: 'draft',
      reason: 'INCOMPLETE',
    });
  }
  const classes = await readDraft(objects, ObjectRef.fromJSON(task.draft), { task, classCount: campaign.classCount });
  requireComplete(classes);
  return { version: task.version, judgement: await judge(db, objects, { task, campaign, classes }) };
}

/** @throws as `requireHeld`, and ABORTED where the draft changed since it was looked at */
export async function submitTask(
  tx: Transaction,
  { taskId, etag, cost }: Submission,
  { version, judgement }: Looked,
): Promise<TaskRow> {
  const { campaignId } = await readTask(tx, taskId);
  const campaign = await lockCampaign(tx, campaignId);
  const task = await lockTask(tx, taskId);
  requireHeld(task, etag);
  if (task.version !== version) requireEtag(task, `${version}`);
  const { review } = campaign.config.annotation ?? AnnotationConfig.fromPartial({});
  const isReviewed = review && task.purpose === 'label';
  const submitted = await changeTask(tx, task, {
    state: isReviewed ? 'submitted' : 'accepted',
    leaseExpireTime: null,
    submitTime: new Date(),
    returnNote: null,
    activeSeconds: task.activeSeconds + cost.activeSeconds,
    clicks: task.clicks + Number(cost.clicks),
    strokes: task.strokes + Number(cost.strokes),
    iou: judgement.iou ?? null,
    disagreement: judgement.disagreement ?? null,
  });
  if (judgement.otherTaskId) {
    await tx
      .update(annotationTasks)
      .set({ iou: judgement.iou ?? null })
      .where(eq(annotationTasks.taskId, judgement.otherTaskId));
  }
  const { imageId, annotator } = task;
  await publishEvent(tx, 'cpral.annotation.submitted', taskId, { taskId, campaignId, imageId, annotator });
  if (!isReviewed) await decided(tx, submitted, ANNOTATION_DECISION_ACCEPTED);
  return submitted;
}

export async function skipTask(
  tx: Transaction,
  { taskId, etag, reason }: { readonly taskId: string; readonly etag: string; readonly reason: string },
): Promise<TaskRow> {
  const { campaignId } = await readTask(tx, taskId);
  await lockCampaign(tx, campaignId);
  const task = await lockTask(tx, taskId);
  requireHeld(task, etag);
  const skipped = await changeTask(tx, task, { state: 'skipped', leaseExpireTime: null, skipReason: reason });
  await decided(tx, skipped, ANNOTATION_DECISION_SKIPPED);
  return skipped;
}

export interface Review {
  readonly taskId: string;
  readonly etag: string;
  readonly accept: boolean;
  readonly note: string;
  readonly reviewer: string;
}

/** @throws FAILED_PRECONDITION where it waits for no reviewer, or for another one */
export async function reviewTask(tx: Transaction, { taskId, etag, accept, note, reviewer }: Review): Promise<TaskRow> {
  const { campaignId } = await readTask(tx, taskId);
  await lockCampaign(tx, campaignId);
  const task = await lockTask(tx, taskId);
  if (task.state !== 'submitted') throw notReviewable(task, `it is ${task.state}`);
  if (task.annotator === reviewer) throw notReviewable(task, 'nobody reviews their own label');
  requireEtag(task, etag);
  if (!accept && note.trim() === '') {
    throw invalid('note: expected what is to be changed, got nothing', { field: 'note' });
  }
  const reviewed = await changeTask(
    tx,
    task,
    accept
      ? { state: 'accepted', reviewer }
      : { state: 'returned', reviewer, returnNote: note, returns: task.returns + 1 },
  );
  await decided(tx, reviewed, accept ? ANNOTATION_DECISION_ACCEPTED : ANNOTATION_DECISION_RETURNED);
  return reviewed;
}

function notReviewable({ taskId }: TaskRow, why: string): CpralError {
  return new CpralError('FAILED_PRECONDITION', `annotation task "${taskId}" cannot be reviewed: ${why}`, {
    reason: 'NOT_REVIEWABLE',
  });
}

/** The caller holds the campaign's row, then the task's. */
async function decided(tx: Transaction, task: TaskRow, decision: AnnotationDecision): Promise<void> {
  const { taskId, campaignId, imageId } = task;
  await publishEvent(tx, 'cpral.annotation.decided', taskId, { taskId, campaignId, imageId, decision });
  if (task.purpose === 'label') await finishImage(tx, await readCampaign(tx, campaignId), imageId);
}
