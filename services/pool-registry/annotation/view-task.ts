// Tasks as people and programs see them, with everything that is needed to label.
import { and, eq, inArray } from 'drizzle-orm';
import { AnnotationTaskKind, LabellingTask } from '../../../proto/gen/cpral/v1/annotation.ts';
import { CampaignStep, ClassMap, ObjectRef } from '../../../proto/gen/cpral/v1/resources.ts';
import { assert } from '../../shared/errors.ts';
import { type CampaignRow, readCampaign } from '../campaign/campaign-row.ts';
import { currentLabels } from '../campaign/current-labels.ts';
import { labelsWholeImages } from '../campaign/strategies.ts';
import type { Transaction } from '../database.ts';
import { annotationTasks, datasets, images, previews } from '../schema.ts';
import { etagOf, protoPurpose, protoState, type TaskRow, windowOf } from './task-row.ts';

/** Campaigns and their classes, read once for a page of tasks. */
interface Seen {
  readonly campaign: CampaignRow;
  readonly classMap: ClassMap;
  readonly remaining: bigint;
}

export async function viewTasks(tx: Transaction, rows: readonly TaskRow[]): Promise<LabellingTask[]> {
  const seen = new Map<string, Seen>();
  const tasks: LabellingTask[] = [];
  for (const row of rows) {
    const known = seen.get(row.campaignId) ?? (await look(tx, row.campaignId));
    seen.set(row.campaignId, known);
    tasks.push(await viewTask(tx, row, known));
  }
  return tasks;
}

/** As its annotator may see it: what it is for stays untold. */
export async function viewForAnnotator(tx: Transaction, row: TaskRow): Promise<LabellingTask> {
  const [task] = await viewTasks(tx, [row]);
  return { ...task!, purpose: 0 };
}

async function look(tx: Transaction, campaignId: string): Promise<Seen> {
  const campaign = await readCampaign(tx, campaignId);
  const [dataset] = await tx.select().from(datasets).where(eq(datasets.key, campaign.datasetKey));
  assert(dataset, 'a campaign has a dataset');
  const open = and(eq(annotationTasks.campaignId, campaignId), inArray(annotationTasks.state, ['open', 'returned']));
  return {
    campaign,
    classMap: ClassMap.fromJSON(dataset.classMap),
    remaining: BigInt(await tx.$count(annotationTasks, open)),
  };
}

async function viewTask(
  tx: Transaction,
  row: TaskRow,
  { campaign, classMap, remaining }: Seen,
): Promise<LabellingTask> {
  const { campaignId, cycle, imageId } = row;
  const [image] = await tx
    .select()
    .from(images)
    .where(and(eq(images.datasetKey, campaign.datasetKey), eq(images.imageId, imageId)));
  assert(image, 'the image of a task is in its dataset');
  const [preview] = await tx
    .select()
    .from(previews)
    .where(and(eq(previews.campaignId, campaignId), eq(previews.cycle, cycle), eq(previews.imageId, imageId)));
  const label = row.purpose === 'gold' ? undefined : (await currentLabels(tx, campaignId, [imageId])).get(imageId);
  const isWhole = row.height === campaign.size.height && row.width === campaign.size.width;
  return {
    ...LabellingTask.fromPartial({}),
    taskId: row.taskId,
    etag: etagOf(row),
    campaignId,
    cycle,
    imageId,
    kind: isWhole ? AnnotationTaskKind.ANNOTATION_TASK_KIND_IMAGE : AnnotationTaskKind.ANNOTATION_TASK_KIND_REGION,
    window: windowOf(row),
    size: campaign.size,
    state: protoState(row.state),
    purpose: protoPurpose(row.purpose),
    annotator: row.annotator,
    leaseExpireTime: row.leaseExpireTime ?? undefined,
    reason: reasonOf(row, campaign),
    score: row.score,
    rank: row.rank,
    remaining,
    returned: row.returnNote === null ? undefined : { note: row.returnNote, by: row.reviewer },
    classMap,
    image: ObjectRef.fromJSON(image.image),
    imageSize: { height: image.height, width: image.width },
    label,
    prediction: refOrNone(preview?.prediction),
    entropy: refOrNone(preview?.entropy),
    draft: refOrNone(row.draft),
    cost: row.submitTime ? costOf(row) : undefined,
    reviewer: row.reviewer,
    createTime: row.createTime,
    updateTime: row.updateTime,
  };
}

export function costOf({ activeSeconds, clicks, strokes }: TaskRow) {
  return { activeSeconds, clicks: BigInt(clicks), strokes: BigInt(strokes) };
}

/** The same for a gold task: it must look like any other. */
function reasonOf({ step, rank, score }: TaskRow, { strategy }: CampaignRow): string {
  if (step === CampaignStep.CAMPAIGN_STEP_INITIAL_LABELS)
    return 'Drawn by chance: one of the images that the first model learns from.';
  const place = `number ${rank + 1} of this cycle`;
  if (labelsWholeImages(strategy)) return `The image is ${place} in the order in which the model wants images.`;
  return score > 0 ? `The model's answers differ here more than elsewhere: ${place}.` : `Asked for as ${place}.`;
}

const refOrNone = (json: unknown) => (json ? ObjectRef.fromJSON(json) : undefined);
