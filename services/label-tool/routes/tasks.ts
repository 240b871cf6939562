// Tasks, for whoever labels: lease, draft, submit, skip, give back.
import { Type } from 'typebox';
import { CpralError } from '../../shared/errors.ts';
import { actingAs } from '../people/person.ts';
import { pictureType } from '../pictures/picture-type.ts';
import { ask, required } from '../registry/registry.ts';
import { uploadObject } from '../registry/transfer.ts';
import {
  AnnotationTask,
  DraftSaved,
  LeaseRenewed,
  LeaseRequest,
  ReleaseRequest,
  SkipRequest,
  SubmitRequest,
} from '../schemas/task-schemas.ts';
import { quoted, readIfMatch } from '../server/etags.ts';
import { Id, IfMatch, REFUSALS, type Routes } from '../server/routes.ts';
import { taskView } from '../views/task-view.ts';
import { isoOf } from '../views/times.ts';

/** Of a mask that does not compress at all: the largest window is an image of 4096x4096. */
const MAX_DRAFT_BYTES = 20 << 20;
const TaskParams = Type.Object({ taskId: Id('of the task') });
const Nothing = Type.Object({}, { additionalProperties: false });

export const taskRoutes: Routes = (server, { registry, stopping }) => {
  const { tasks } = registry;
  server.addContentTypeParser('image/png', { parseAs: 'buffer', bodyLimit: MAX_DRAFT_BYTES }, (_, body, done) =>
    done(null, body),
  );

  server.post(
    '/tasks/lease',
    {
      schema: {
        summary: 'Leases the next task: own returned ones first, then by rank',
        body: LeaseRequest,
        response: { 200: AnnotationTask, 204: Type.Null({ description: 'Nothing waits' }), ...REFUSALS },
      },
    },
    async ({ body: { annotator, campaignId = '', taskId = '' } }, reply) => {
      const { task } = await ask(tasks, tasks.leaseAnnotationTask, {
        annotator: actingAs(annotator),
        campaignId,
        taskId,
      });
      if (!task) return reply.code(204).send(null);
      return reply.header('etag', quoted(task.etag)).send(taskView(task));
    },
  );

  server.get(
    '/tasks/:taskId',
    { schema: { summary: 'A task', params: TaskParams, response: { 200: AnnotationTask, ...REFUSALS } } },
    async ({ params: { taskId } }, reply) => {
      const task = required((await ask(tasks, tasks.getAnnotationTask, { taskId })).task, 'a task');
      reply.header('etag', quoted(task.etag));
      return taskView(task);
    },
  );

  server.post(
    '/tasks/:taskId/renew',
    {
      schema: {
        summary: 'Keeps a lease',
        params: TaskParams,
        headers: IfMatch,
        body: Nothing,
        response: { 200: LeaseRenewed, ...REFUSALS },
      },
    },
    async ({ params: { taskId }, headers }) => {
      const request = { taskId, etag: readIfMatch(headers['if-match']) };
      const { leaseExpireTime, etag } = await ask(tasks, tasks.renewAnnotationLease, request);
      return { leaseExpiresAt: required(isoOf(leaseExpireTime), 'a time'), etag: quoted(etag) };
    },
  );

  server.put(
    '/tasks/:taskId/draft',
    {
      schema: {
        summary: 'Keeps a draft: 8-bit grey PNG of the window, class ids, 255 not labelled yet, 254 ignore',
        consumes: ['image/png'],
        params: TaskParams,
        headers: IfMatch,
        response: { 200: DraftSaved, ...REFUSALS },
      },
    },
    async ({ params: { taskId }, headers, body }) => {
      if (!(body instanceof Uint8Array) || pictureType(body) !== 'image/png') {
        throw new CpralError('INVALID_ARGUMENT', 'draft: expected a PNG as image/png, got something else', {
          field: 'body',
          reason: 'UNSUPPORTED_CONTENT',
        });
      }
      // First what costs nothing to refuse.
      const etag = readIfMatch(headers['if-match']);
      const draft = await uploadObject(registry, body, stopping);
      const saved = await ask(tasks, tasks.saveAnnotationDraft, { taskId, etag, draft });
      return { etag: quoted(saved.etag) };
    },
  );

  server.post(
    '/tasks/:taskId/submit',
    {
      schema: {
        summary: 'Submits the draft; 422 while a pixel has no label',
        params: TaskParams,
        headers: IfMatch,
        body: SubmitRequest,
        response: { 200: AnnotationTask, ...REFUSALS },
      },
    },
    async ({ params: { taskId }, headers, body: { requestId, cost } }) => {
      const { activeSeconds, clicks, strokes } = cost;
      const spent = { activeSeconds, clicks: BigInt(clicks), strokes: BigInt(strokes) };
      const request = { taskId, requestId, etag: readIfMatch(headers['if-match']), cost: spent };
      return taskView(required((await ask(tasks, tasks.submitAnnotation, request)).task, 'a task'));
    },
  );

  server.post(
    '/tasks/:taskId/skip',
    {
      schema: {
        summary: 'Ends a task without a label',
        params: TaskParams,
        headers: IfMatch,
        body: SkipRequest,
        response: { 200: AnnotationTask, ...REFUSALS },
      },
    },
    async ({ params: { taskId }, headers, body: { requestId, reason } }) => {
      const request = { taskId, requestId, etag: readIfMatch(headers['if-match']), reason };
      return taskView(required((await ask(tasks, tasks.skipAnnotationTask, request)).task, 'a task'));
    },
  );

  server.post(
    '/tasks/:taskId/release',
    {
      schema: {
        summary: 'Gives a lease back; a tag that is not the task’s changes nothing',
        params: TaskParams,
        body: ReleaseRequest,
        response: { 200: AnnotationTask, ...REFUSALS },
      },
    },
    async ({ params: { taskId }, body: { etag } }) => {
      const request = { taskId, etag: etag === undefined ? '' : readIfMatch(etag) };
      return taskView(required((await ask(tasks, tasks.releaseAnnotationTask, request)).task, 'a task'));
    },
  );
};
