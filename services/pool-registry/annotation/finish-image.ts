// An image whose tasks are all decided: what people said of it becomes work for the annotator service, which enters it into the label.
import { and, eq } from 'drizzle-orm';
import type { Answer } from '../../../proto/gen/cpral/v1/oracle.ts';
import { LabelOrigin, NoiseUnit, ObjectRef } from '../../../proto/gen/cpral/v1/resources.ts';
import { refBlob } from '../../shared/objects/blob.ts';
import type { CampaignRow } from '../campaign/campaign-row.ts';
import { currentLabels } from '../campaign/current-labels.ts';
import { insertItems } from '../campaign/work-items.ts';
import type { Transaction } from '../database.ts';
import { annotationTasks } from '../schema.ts';
import { type TaskRow, windowOf } from './task-row.ts';

/** The caller holds the campaign's row, so that of two last decisions one comes second. */
export async function finishImage(tx: Transaction, campaign: CampaignRow, imageId: string): Promise<void> {
  const { campaignId, cycle, step, size, classCount } = campaign;
  const tasks = await tx
    .select()
    .from(annotationTasks)
    .where(
      and(
        eq(annotationTasks.campaignId, campaignId),
        eq(annotationTasks.cycle, cycle),
        eq(annotationTasks.step, step),
        eq(annotationTasks.imageId, imageId),
        eq(annotationTasks.purpose, 'label'),
      ),
    )
    .orderBy(annotationTasks.rank);
  if (tasks.some(({ state }) => state !== 'accepted' && state !== 'skipped')) return;
  const masks = (await currentLabels(tx, campaignId, [imageId])).get(imageId);
  const task = {
    imageId,
    groundTruth: undefined,
    classes: masks?.classes && refBlob(masks.classes),
    origins: masks?.origins && refBlob(masks.origins),
    windows: [],
    answers: tasks.filter(({ state }) => state === 'accepted').map(answerOf),
  };
  const spec = {
    tasks: [task],
    size,
    classCount,
    noise: 0,
    noiseUnit: NoiseUnit.NOISE_UNIT_UNSPECIFIED,
    seed: 0,
    origin: LabelOrigin.LABEL_ORIGIN_HUMAN,
  };
  const itemId = `${campaignId}/${cycle}/${step}/people-${tasks[0]!.rank}`;
  await insertItems(tx, { campaignId, cycle, step }, [{ itemId, spec: { spec: { $case: 'annotate', value: spec } } }]);
}

function answerOf(task: TaskRow): Answer {
  return { window: windowOf(task), classes: refBlob(ObjectRef.fromJSON(task.draft)) };
}
