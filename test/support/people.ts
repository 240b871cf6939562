// People who label, without a page: they lease, draft what they are told to say, submit and review.
import { randomUUID } from 'node:crypto';
import { credentials } from '@grpc/grpc-js';
import { AnnotationQueueClient, AnnotationTaskState, type LabellingTask } from '../../proto/gen/cpral/v1/annotation.ts';
import { type AnnotationConfig, Annotator, type CampaignConfig } from '../../proto/gen/cpral/v1/resources.ts';
import { call, clientOptions } from '../../services/shared/grpc/client.ts';
import { encodeMask } from '../../services/shared/images/images.ts';
import type { ObjectStore } from '../../services/shared/objects/object-store.ts';

const deadlineMs = 10_000;

export interface People {
  readonly queue: AnnotationQueueClient;
  lease(annotator: string, wish?: { campaignId?: string; taskId?: string }): Promise<LabellingTask | undefined>;
  /** @returns the new etag */
  draft(task: LabellingTask, classes: Uint8Array): Promise<string>;
  submit(task: LabellingTask, etag: string, requestId?: string): Promise<LabellingTask>;
  /** Drafts and submits. */
  answer(task: LabellingTask, classes: Uint8Array): Promise<LabellingTask>;
  skip(task: LabellingTask): Promise<LabellingTask>;
  review(task: LabellingTask, reviewer: string, accept: boolean, note?: string): Promise<LabellingTask>;
  release(task: LabellingTask, etag?: string): Promise<LabellingTask>;
  list(campaignId: string): Promise<LabellingTask[]>;
  close(): void;
}

export function openPeople(address: string, objects: ObjectStore): People {
  const queue = new AnnotationQueueClient(address, credentials.createInsecure(), clientOptions());
  const cost = { activeSeconds: 2, clicks: 3n, strokes: 1n };
  const people: People = {
    queue,
    async lease(annotator, { campaignId = '', taskId = '' } = {}) {
      return (await call(queue.leaseAnnotationTask.bind(queue), { annotator, campaignId, taskId }, { deadlineMs }))
        .task;
    },
    async draft({ taskId, etag, window }, classes) {
      const { height, width } = window!;
      const draft = await objects.put(await encodeMask({ height, width, data: classes }));
      return (await call(queue.saveAnnotationDraft.bind(queue), { taskId, etag, draft }, { deadlineMs })).etag;
    },
    async submit({ taskId }, etag, requestId = randomUUID()) {
      const request = { taskId, etag, requestId, cost };
      return (await call(queue.submitAnnotation.bind(queue), request, { deadlineMs })).task!;
    },
    async answer(task, classes) {
      return people.submit(task, await people.draft(task, classes));
    },
    async skip({ taskId, etag }) {
      const request = { taskId, etag, requestId: randomUUID(), reason: 'too dark to see' };
      return (await call(queue.skipAnnotationTask.bind(queue), request, { deadlineMs })).task!;
    },
    async review({ taskId, etag }, reviewer, accept, note = accept ? '' : 'the kerb is pavement') {
      const request = { taskId, etag, requestId: randomUUID(), accept, note, reviewer };
      return (await call(queue.reviewAnnotation.bind(queue), request, { deadlineMs })).task!;
    },
    async release({ taskId, etag: present }, etag = present) {
      return (await call(queue.releaseAnnotationTask.bind(queue), { taskId, etag }, { deadlineMs })).task!;
    },
    async list(campaignId) {
      const state = AnnotationTaskState.ANNOTATION_TASK_STATE_UNSPECIFIED;
      const request = { campaignId, state, annotator: '', pageSize: 1000, pageToken: '' };
      return (await call(queue.listAnnotationTasks.bind(queue), request, { deadlineMs })).tasks;
    },
    close: () => queue.close(),
  };
  return people;
}

/** What a campaign's configuration says where people answer. */
export function byPeople(annotation: Partial<AnnotationConfig> = {}): Partial<CampaignConfig> {
  return {
    annotator: Annotator.ANNOTATOR_PEOPLE,
    annotation: { review: false, secondOpinionShare: 0, goldShare: 0, leaseSeconds: 900, ...annotation },
  };
}

/** One class all over the window. */
export function all(task: LabellingTask, id: number): Uint8Array {
  return new Uint8Array(task.window!.height * task.window!.width).fill(id);
}
