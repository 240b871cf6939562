// What an answer says about its annotator, and the model about the answer: worked out once, when it is submitted.
import { and, eq, ne } from 'drizzle-orm';
import { ObjectRef } from '../../../proto/gen/cpral/v1/resources.ts';
import { decodeMask } from '../../shared/images/images.ts';
import { cropWindow } from '../../shared/labels/windows.ts';
import type { ObjectReader } from '../../shared/objects/object-store.ts';
import type { CampaignRow } from '../campaign/campaign-row.ts';
import type { Database, Transaction } from '../database.ts';
import { annotationTasks, previews } from '../schema.ts';
import { disagreement, meanIou } from './agreement.ts';
import { readDraft, truthOf } from './drafts.ts';
import { type TaskRow, windowOf } from './task-row.ts';

export interface Judgement {
  /** With the truth of a gold task, or with the other opinion; undefined while there is none. */
  readonly iou: number | undefined;
  /** Whose iou it is, too. */
  readonly otherTaskId: string | undefined;
  readonly disagreement: number | undefined;
}

export async function judge(
  db: Database | Transaction,
  objects: ObjectReader,
  { task, campaign, classes }: { readonly task: TaskRow; readonly campaign: CampaignRow; readonly classes: Uint8Array },
): Promise<Judgement> {
  const crop = (values: Uint8Array) => cropWindow(values, campaign.size.width, windowOf(task));
  if (task.purpose === 'gold') {
    const truth = await truthOf(db, campaign.datasetKey, task.imageId);
    const known = truth && crop((await decodeMask(await objects.get(truth), campaign.size)).data);
    return { iou: known && meanIou(classes, known), otherTaskId: undefined, disagreement: undefined };
  }
  const other = await otherOpinion(db, task);
  const others = other?.draft
    ? await readDraft(objects, ObjectRef.fromJSON(other.draft), { task, classCount: campaign.classCount })
    : undefined;
  const model = await modelsOpinion(db, task);
  const read = async (ref: ObjectRef) => crop((await decodeMask(await objects.get(ref))).data);
  return {
    iou: others && meanIou(classes, others),
    otherTaskId: others && other!.taskId,
    disagreement:
      model &&
      disagreement(classes, { prediction: await read(model.prediction), certainty: await read(model.certainty) }),
  };
}

/** Of the same window, by somebody else, and given. */
async function otherOpinion(db: Database | Transaction, task: TaskRow): Promise<TaskRow | undefined> {
  const rows = await db
    .select()
    .from(annotationTasks)
    .where(
      and(
        eq(annotationTasks.campaignId, task.campaignId),
        eq(annotationTasks.cycle, task.cycle),
        eq(annotationTasks.step, task.step),
        eq(annotationTasks.rank, task.rank),
        ne(annotationTasks.purpose, 'gold'),
        ne(annotationTasks.taskId, task.taskId),
      ),
    );
  return rows.find(({ submitTime, state }) => submitTime !== null && (state === 'submitted' || state === 'accepted'));
}

async function modelsOpinion(db: Database | Transaction, { campaignId, cycle, imageId }: TaskRow) {
  const [row] = await db
    .select({ prediction: previews.prediction, certainty: previews.certainty })
    .from(previews)
    .where(and(eq(previews.campaignId, campaignId), eq(previews.cycle, cycle), eq(previews.imageId, imageId)));
  if (!row?.prediction || !row.certainty) return undefined;
  return { prediction: ObjectRef.fromJSON(row.prediction), certainty: ObjectRef.fromJSON(row.certainty) };
}
