// A task as its table has it, and as the protocol calls it.
import { and, eq, inArray } from 'drizzle-orm';
import { AnnotationPurpose, AnnotationTaskState } from '../../../proto/gen/cpral/v1/annotation.ts';
import type { Window } from '../../../proto/gen/cpral/v1/oracle.ts';
import { Annotator, type CampaignConfig } from '../../../proto/gen/cpral/v1/resources.ts';
import { CpralError } from '../../shared/errors.ts';
import type { Database, Transaction } from '../database.ts';
import { annotationTasks } from '../schema.ts';

export type TaskRow = typeof annotationTasks.$inferSelect;
export type TaskState = TaskRow['state'];

/** What nobody has decided yet: a step waits for these. */
export const UNDECIDED = ['open', 'leased', 'submitted', 'returned'] as const satisfies readonly TaskState[];

const STATES = {
  open: AnnotationTaskState.ANNOTATION_TASK_STATE_OPEN,
  leased: AnnotationTaskState.ANNOTATION_TASK_STATE_LEASED,
  submitted: AnnotationTaskState.ANNOTATION_TASK_STATE_SUBMITTED,
  returned: AnnotationTaskState.ANNOTATION_TASK_STATE_RETURNED,
  accepted: AnnotationTaskState.ANNOTATION_TASK_STATE_ACCEPTED,
  skipped: AnnotationTaskState.ANNOTATION_TASK_STATE_SKIPPED,
  cancelled: AnnotationTaskState.ANNOTATION_TASK_STATE_CANCELLED,
} as const satisfies Record<TaskState, AnnotationTaskState>;

const PURPOSES = {
  label: AnnotationPurpose.ANNOTATION_PURPOSE_LABEL,
  'second-opinion': AnnotationPurpose.ANNOTATION_PURPOSE_SECOND_OPINION,
  gold: AnnotationPurpose.ANNOTATION_PURPOSE_GOLD,
} as const satisfies Record<TaskRow['purpose'], AnnotationPurpose>;

export const protoState = (state: TaskState): AnnotationTaskState => STATES[state];
export const protoPurpose = (purpose: TaskRow['purpose']): AnnotationPurpose => PURPOSES[purpose];

export function stateNamed(state: AnnotationTaskState): TaskState | undefined {
  return (Object.keys(STATES) as TaskState[]).find((name) => STATES[name] === state);
}

export const etagOf = ({ version }: Pick<TaskRow, 'version'>): string => `${version}`;

export function windowOf({ top, left, height, width }: TaskRow): Window {
  return { top, left, height, width };
}

export function annotatedByPeople({ annotator }: Pick<CampaignConfig, 'annotator'>): boolean {
  return annotator === Annotator.ANNOTATOR_PEOPLE;
}

/** @throws NOT_FOUND */
export async function readTask(db: Database | Transaction, taskId: string): Promise<TaskRow> {
  const [row] = await db.select().from(annotationTasks).where(eq(annotationTasks.taskId, taskId));
  return found(row, taskId);
}

/** Locks the row until the transaction ends. @throws NOT_FOUND */
export async function lockTask(tx: Transaction, taskId: string): Promise<TaskRow> {
  const [row] = await tx.select().from(annotationTasks).where(eq(annotationTasks.taskId, taskId)).for('update');
  return found(row, taskId);
}

function found(row: TaskRow | undefined, taskId: string): TaskRow {
  if (row) return row;
  throw new CpralError('NOT_FOUND', `annotation task "${taskId}" does not exist`, { field: 'task_id' });
}

/** Changes a row that the caller holds. @returns it as it is now */
export async function changeTask(
  tx: Transaction,
  { taskId, version }: TaskRow,
  change: Partial<TaskRow>,
): Promise<TaskRow> {
  const [row] = await tx
    .update(annotationTasks)
    .set({ ...change, version: version + 1, updateTime: new Date() })
    .where(eq(annotationTasks.taskId, taskId))
    .returning();
  return found(row, taskId);
}

/** Whether labels of the campaign's present step are still to be given; other opinions and gold are not waited for. */
export async function hasUndecidedLabels(
  db: Database | Transaction,
  { campaignId, cycle, step }: Pick<TaskRow, 'campaignId' | 'cycle' | 'step'>,
): Promise<boolean> {
  const undecided = await db
    .select({ taskId: annotationTasks.taskId })
    .from(annotationTasks)
    .where(
      and(
        eq(annotationTasks.campaignId, campaignId),
        eq(annotationTasks.cycle, cycle),
        eq(annotationTasks.step, step),
        eq(annotationTasks.purpose, 'label'),
        inArray(annotationTasks.state, [...UNDECIDED]),
      ),
    )
    .limit(1);
  return undecided.length > 0;
}
