// A task as its annotator gets it, and as reviewers see it. Pure.
import {
  AnnotationPurpose,
  type AnnotationTaskCost,
  AnnotationTaskKind,
  AnnotationTaskState,
  type LabellingTask,
  type AnnotatorSummary as ProtoAnnotator,
} from '../../../proto/gen/cpral/v1/annotation.ts';
import type { AnnotationTask, TaskPictures, TaskState } from '../api-types.ts';
import type { AnnotatorSummary, ReviewedTask, TaskCost } from '../dashboard-types.ts';
import { imageAddress, labelAddress, mapAddress } from '../pictures/addresses.ts';
import { quoted } from '../server/etags.ts';
import { isoOf } from './times.ts';

const STATES: Readonly<Record<TaskState, AnnotationTaskState>> = {
  open: AnnotationTaskState.ANNOTATION_TASK_STATE_OPEN,
  leased: AnnotationTaskState.ANNOTATION_TASK_STATE_LEASED,
  submitted: AnnotationTaskState.ANNOTATION_TASK_STATE_SUBMITTED,
  returned: AnnotationTaskState.ANNOTATION_TASK_STATE_RETURNED,
  accepted: AnnotationTaskState.ANNOTATION_TASK_STATE_ACCEPTED,
  skipped: AnnotationTaskState.ANNOTATION_TASK_STATE_SKIPPED,
  cancelled: AnnotationTaskState.ANNOTATION_TASK_STATE_CANCELLED,
};

const PURPOSES: Readonly<Record<number, ReviewedTask['purpose']>> = {
  [AnnotationPurpose.ANNOTATION_PURPOSE_SECOND_OPINION]: 'second-opinion',
  [AnnotationPurpose.ANNOTATION_PURPOSE_GOLD]: 'gold',
};

export const taskStateOf = (state: TaskState): AnnotationTaskState => STATES[state];

/** What a task is for is not in it: who labels a gold one must not know. */
export function taskView(task: LabellingTask): AnnotationTask {
  const { taskId, campaignId, cycle, imageId, reason, score, rank, window, size, returned } = task;
  return {
    ...{ taskId, campaignId, cycle, imageId, reason, score, rank },
    etag: quoted(task.etag),
    kind: task.kind === AnnotationTaskKind.ANNOTATION_TASK_KIND_IMAGE ? 'image' : 'region',
    window: {
      top: window?.top ?? 0,
      left: window?.left ?? 0,
      height: window?.height ?? 0,
      width: window?.width ?? 0,
    },
    size: { height: size?.height ?? 0, width: size?.width ?? 0 },
    state: stateWord(task.state),
    annotator: task.annotator || null,
    leaseExpiresAt: isoOf(task.leaseExpireTime) ?? null,
    remaining: Number(task.remaining),
    returned: returned ? { note: returned.note, by: returned.by } : null,
    classes: (task.classMap?.classes ?? []).map(({ name, color }, id) => ({ id, name, color })),
    pictures: picturesOf(task),
  };
}

export function reviewedView(task: LabellingTask): ReviewedTask {
  const { cost, window } = task;
  const pixels = (window?.height ?? 0) * (window?.width ?? 0);
  return {
    ...taskView(task),
    purpose: PURPOSES[task.purpose] ?? 'label',
    reviewer: task.reviewer || null,
    cost: cost
      ? {
          tasks: 1,
          activeSeconds: cost.activeSeconds,
          clicks: Number(cost.clicks),
          strokes: Number(cost.strokes),
          pixels,
        }
      : null,
    createdAt: isoOf(task.createTime) ?? '',
    updatedAt: isoOf(task.updateTime) ?? '',
  };
}

export function costView({
  taskId,
  campaignId,
  cycle,
  imageId,
  annotator,
  cost,
  pixels,
}: AnnotationTaskCost): TaskCost {
  return {
    ...{ taskId, campaignId, cycle, imageId, annotator },
    tasks: 1,
    activeSeconds: cost?.activeSeconds ?? 0,
    clicks: Number(cost?.clicks ?? 0),
    strokes: Number(cost?.strokes ?? 0),
    pixels: Number(pixels),
  };
}

export function annotatorView({
  annotator,
  tasks,
  cost,
  pixels,
  goldIou,
  agreementIou,
  returnedShare,
}: ProtoAnnotator): AnnotatorSummary {
  return {
    annotator,
    tasks: Number(tasks),
    activeSeconds: cost?.activeSeconds ?? 0,
    clicks: Number(cost?.clicks ?? 0),
    strokes: Number(cost?.strokes ?? 0),
    pixels: Number(pixels),
    goldIou: goldIou ?? null,
    agreementIou: agreementIou ?? null,
    returnedShare,
  };
}

/** All at the campaign's size but the draft, which is the window's. */
function picturesOf({ image, imageSize, size, label, prediction, entropy, draft }: LabellingTask): TaskPictures {
  const campaignSize = { height: size?.height ?? 0, width: size?.width ?? 0 };
  const { classes, origins } = label ?? {};
  return {
    image: imageAddress({ image, size: imageSize }, campaignSize),
    label: classes && origins ? labelAddress(classes, { withoutExtension: origins }) : null,
    prediction: prediction ? labelAddress(prediction) : null,
    entropy: entropy ? mapAddress(entropy, campaignSize) : null,
    draft: draft ? labelAddress(draft) : null,
  };
}

function stateWord(state: AnnotationTaskState): TaskState {
  const found = (Object.keys(STATES) as TaskState[]).find((word) => STATES[word] === state);
  if (!found) throw new Error(`the registry's state ${state} of a task is not known to this version of the label tool`);
  return found;
}
