// The protocol's queue of tasks from memory: what the label tool's routes are tested against where the campaign does not matter.
import {
  type AnnotationCost,
  AnnotationPurpose,
  AnnotationQueueService,
  AnnotationTaskState,
  type LabellingTask,
} from '../../../proto/gen/cpral/v1/annotation.ts';
import { UNLABELLED } from '../../../services/label-tool/api-types.ts';
import { CpralError, invalid } from '../../../services/shared/errors.ts';
import { unary } from '../../../services/shared/grpc/handlers.ts';
import { type GrpcService, grpcService } from '../../../services/shared/grpc/server.ts';
import { decodeMask } from '../../../services/shared/images/images.ts';
import type { ObjectStore } from '../../../services/shared/objects/object-store.ts';
import { silent } from '../../support/silent.ts';

const LEASE_MS = 60_000;
const { ANNOTATION_TASK_STATE_OPEN: OPEN, ANNOTATION_TASK_STATE_LEASED: LEASED } = AnnotationTaskState;
const { ANNOTATION_TASK_STATE_SUBMITTED: SUBMITTED, ANNOTATION_TASK_STATE_RETURNED: RETURNED } = AnnotationTaskState;
const { ANNOTATION_TASK_STATE_ACCEPTED: ACCEPTED, ANNOTATION_TASK_STATE_SKIPPED: SKIPPED } = AnnotationTaskState;

export interface MemoryQueue {
  readonly tasks: Map<string, LabellingTask>;
  readonly service: GrpcService;
}

export function memoryQueue(objects: ObjectStore, tasks: readonly LabellingTask[]): MemoryQueue {
  const stored = new Map(tasks.map((task) => [task.taskId, task]));
  const answers = new Map<string, LabellingTask>();
  const find = (taskId: string): LabellingTask => {
    const task = stored.get(taskId);
    if (!task) throw new CpralError('NOT_FOUND', `task "${taskId}" does not exist`, { field: 'task_id' });
    return task;
  };
  const change = (task: LabellingTask, what: Partial<LabellingTask>): LabellingTask => {
    const next = { ...task, ...what, etag: `${Number(task.etag) + 1}`, updateTime: new Date() };
    stored.set(task.taskId, next);
    return next;
  };
  const held = (taskId: string, etag: string): LabellingTask => {
    const task = find(taskId);
    if (task.state !== LEASED)
      throw new CpralError('FAILED_PRECONDITION', 'the lease is lost', { reason: 'LEASE_LOST' });
    if (etag && etag !== task.etag)
      throw new CpralError('ABORTED', `expected etag ${task.etag}, got ${etag}`, { reason: 'ETAG_MISMATCH' });
    return task;
  };
  const once = async (requestId: string, work: () => Promise<LabellingTask>) => {
    const task = answers.get(requestId) ?? (await work());
    answers.set(requestId, task);
    return { task: forAnnotator(task) };
  };
  const drafted = async ({ draft, window }: LabellingTask) => {
    const mask = draft ? (await decodeMask(await objects.get(draft))).data : Uint8Array.of(UNLABELLED);
    const missing = mask.filter((id) => id === UNLABELLED).length;
    if (missing > 0)
      throw new CpralError(
        'FAILED_PRECONDITION',
        `${missing} pixels of ${window!.height}x${window!.width} have no label`,
        { reason: 'INCOMPLETE' },
      );
  };
  const costOf = ({ taskId, campaignId, cycle, imageId, annotator, cost, window }: LabellingTask) => ({
    ...{ taskId, campaignId, cycle, imageId, annotator, cost },
    pixels: BigInt(window!.height * window!.width),
  });
  const done = () => [...stored.values()].filter(({ cost }) => cost);

  const service = grpcService(AnnotationQueueService, {
    leaseAnnotationTask: unary(silent, async ({ annotator, campaignId, taskId }) => {
      const all = [...stored.values()].filter((task) => !campaignId || task.campaignId === campaignId);
      const own = all.filter((task) => task.annotator === annotator);
      const found =
        [...own.filter(({ state }) => state === LEASED), ...all.filter(({ state }) => state === OPEN)].find(
          (task) => task.taskId === taskId,
        ) ??
        own.find(({ state }) => state === RETURNED) ??
        all.find(({ state }) => state === OPEN);
      if (!found) return { task: undefined };
      return {
        task: forAnnotator(
          change(found, { state: LEASED, annotator, leaseExpireTime: new Date(Date.now() + LEASE_MS) }),
        ),
      };
    }),
    renewAnnotationLease: unary(silent, async ({ taskId, etag }) =>
      change(held(taskId, etag), { leaseExpireTime: new Date(Date.now() + LEASE_MS) }),
    ),
    saveAnnotationDraft: unary(silent, async ({ taskId, etag, draft }) => {
      const task = held(taskId, etag);
      const { height, width } = await decodeMask(await objects.get(draft!));
      if (height !== task.window!.height || width !== task.window!.width)
        throw invalid('draft: expected the size of the window', { field: 'draft' });
      return change(task, { draft });
    }),
    submitAnnotation: unary(silent, ({ taskId, requestId, etag, cost }) =>
      once(requestId, async () => {
        const task = held(taskId, etag);
        await drafted(task);
        return change(task, { state: SUBMITTED, cost });
      }),
    ),
    skipAnnotationTask: unary(silent, ({ taskId, requestId, etag }) =>
      once(requestId, async () => change(held(taskId, etag), { state: SKIPPED })),
    ),
    releaseAnnotationTask: unary(silent, async ({ taskId, etag }) => {
      const task = find(taskId);
      const isHis = task.state === LEASED && (etag === '' || etag === task.etag);
      return {
        task: forAnnotator(isHis ? change(task, { state: OPEN, annotator: '', leaseExpireTime: undefined }) : task),
      };
    }),
    reviewAnnotation: unary(silent, ({ taskId, requestId, etag, accept, note, reviewer }) =>
      once(requestId, async () => {
        const task = find(taskId);
        if (task.state !== SUBMITTED || reviewer === task.annotator)
          throw new CpralError('FAILED_PRECONDITION', 'not to be reviewed', { reason: 'NOT_REVIEWABLE' });
        if (etag && etag !== task.etag) throw new CpralError('ABORTED', 'changed', { reason: 'ETAG_MISMATCH' });
        return change(
          task,
          accept ? { state: ACCEPTED, reviewer } : { state: RETURNED, reviewer, returned: { note, by: reviewer } },
        );
      }),
    ),
    getAnnotationTask: unary(silent, async ({ taskId }) => ({ task: find(taskId) })),
    listAnnotationTasks: unary(silent, async ({ campaignId, state, annotator, pageToken }) => {
      const found = [...stored.values()].filter(
        (task) =>
          (!campaignId || task.campaignId === campaignId) &&
          (!state || task.state === state) &&
          (!annotator || task.annotator === annotator),
      );
      if (pageToken) throw invalid('page_token: expected none', { field: 'page_token' });
      return { tasks: found, nextPageToken: '' };
    }),
    listAnnotationCosts: unary(silent, async ({ pageToken }) => {
      // A page each, so that reading to the end is more than one call.
      const at = Number(pageToken || 0);
      const costs = done().map(costOf);
      return { costs: costs.slice(at, at + 1), nextPageToken: at + 1 < costs.length ? String(at + 1) : '' };
    }),
    summarizeAnnotators: unary(silent, async () => ({
      annotators: [...Map.groupBy(done(), ({ annotator }) => annotator)].map(([annotator, own]) => ({
        annotator,
        tasks: BigInt(own.length),
        cost: own.map(({ cost }) => cost!).reduce(sumOf),
        pixels: own.map((task) => costOf(task).pixels).reduce((a, b) => a + b),
        goldIou: undefined,
        agreementIou: 0.5,
        returnedShare: 0,
      })),
    })),
    listSuspiciousLabels: unary(silent, async () => ({
      labels: done().map((task) => ({ task, disagreement: 0.25 })),
      nextPageToken: '',
    })),
  });
  return { tasks: stored, service };
}

export function forAnnotator(task: LabellingTask): LabellingTask {
  return { ...task, purpose: AnnotationPurpose.ANNOTATION_PURPOSE_UNSPECIFIED };
}

const sumOf = (a: AnnotationCost, b: AnnotationCost): AnnotationCost => ({
  activeSeconds: a.activeSeconds + b.activeSeconds,
  clicks: a.clicks + b.clicks,
  strokes: a.strokes + b.strokes,
});
