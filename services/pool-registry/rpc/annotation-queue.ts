// The queue of what people are asked, as gRPC. Pictures pass by the object store, never through here.
import { and, asc, desc, eq, inArray, isNotNull, type SQL, sql } from 'drizzle-orm';
import {
  AnnotationCost,
  type AnnotationQueueServer,
  AnnotationQueueService,
  AnnotationTaskState,
  LabellingTask,
  ReviewAnnotationRequest,
  SkipAnnotationTaskRequest,
  SubmitAnnotationRequest,
} from '../../../proto/gen/cpral/v1/annotation.ts';
import { ObjectRef } from '../../../proto/gen/cpral/v1/resources.ts';
import { checkEnum, checkNumber } from '../../shared/check-spec.ts';
import { invalid } from '../../shared/errors.ts';
import { type GrpcService, grpcService } from '../../shared/grpc/server.ts';
import { inScope } from '../access/scope.ts';
import { readDraft } from '../annotation/drafts.ts';
import { requireHeld } from '../annotation/held-task.ts';
import { leaseSeconds, leaseTask } from '../annotation/lease-task.ts';
import { lookAt, reviewTask, skipTask, submitTask } from '../annotation/submit-task.ts';
import { summarizeAnnotators } from '../annotation/summaries.ts';
import { changeTask, etagOf, lockTask, readTask, stateNamed, type TaskRow } from '../annotation/task-row.ts';
import { costOf, viewForAnnotator, viewTasks } from '../annotation/view-task.ts';
import { readCampaign } from '../campaign/campaign-row.ts';
import { advanceOrLeave } from '../campaign/state-machine.ts';
import type { RegistryContext } from '../context.ts';
import type { Database, Transaction } from '../database.ts';
import { annotationTasks } from '../schema.ts';
import { unary } from './handlers.ts';
import { cutPage, readPage } from './pages.ts';
import { once } from './request-ids.ts';

const MAX_NAME = 100;
const MAX_TEXT = 1_000;
/** A day of work and far more clicks than it has: of one task. */
const MAX_SECONDS = 86_400;
const MAX_COUNT = 1_000_000;

export function annotationQueueService(context: RegistryContext): GrpcService {
  const { db, objects, log, clock, changes } = context;

  /** Tells what changed, and moves a campaign that waited for this. */
  const after = async (campaignId: string, isDecision: boolean) => {
    changes.notify(campaignId);
    if (isDecision) await advanceOrLeave(context, campaignId);
  };

  return grpcService(AnnotationQueueService, {
    leaseAnnotationTask: unary(log, async ({ annotator, campaignId, taskId }) => {
      checkText('annotator', annotator, MAX_NAME, 1);
      if (campaignId !== '') await readCampaign(db, campaignId);
      const wish = { annotator, campaignId, taskId, nowMs: clock.now() };
      const task = await db.transaction(async (tx) => {
        const leased = await leaseTask(tx, wish);
        return leased && viewForAnnotator(tx, leased);
      });
      if (task) log.info({ campaign: task.campaignId, task: task.taskId, annotator }, 'annotation task leased');
      return { task };
    }),

    renewAnnotationLease: unary(log, async ({ taskId, etag }) => {
      const renewed = await db.transaction(async (tx) => {
        const task = await lockTask(tx, taskId);
        requireHeld(task, etag);
        const leaseExpireTime = new Date(clock.now() + 1_000 * (await leaseSeconds(tx, task.campaignId)));
        // Nothing that an annotator sees has changed: the tag stays.
        await tx.update(annotationTasks).set({ leaseExpireTime }).where(eq(annotationTasks.taskId, taskId));
        return { ...task, leaseExpireTime };
      });
      return { leaseExpireTime: renewed.leaseExpireTime, etag: etagOf(renewed) };
    }),

    saveAnnotationDraft: unary(log, async ({ taskId, etag, draft }) => {
      if (!draft) throw invalid('draft: expected an uploaded mask, got none', { field: 'draft' });
      const known = await readTask(db, taskId);
      requireHeld(known, etag);
      const { classCount } = await readCampaign(db, known.campaignId);
      await readDraft(objects, draft, { task: known, classCount });
      const saved = await db.transaction(async (tx) => {
        const task = await lockTask(tx, taskId);
        requireHeld(task, etag);
        return changeTask(tx, task, { draft: ObjectRef.toJSON(draft) as object });
      });
      return { etag: etagOf(saved) };
    }),

    submitAnnotation: unary(log, async (request) => {
      const cost = checkCost(request.cost);
      const submission = { ...request, cost };
      // A repeated request finds its answer whatever has become of the task: what is wrong with it now is said only to a new one.
      const looked = await lookAt(context, submission).catch((error: unknown) => ({ error }));
      const task = await answered(
        db,
        request.requestId,
        'SubmitAnnotation',
        SubmitAnnotationRequest.encode(request).finish(),
        (tx) => {
          if ('error' in looked) throw looked.error;
          return submitTask(tx, submission, looked);
        },
      );
      log.info({ campaign: task.campaignId, task: task.taskId, annotator: task.annotator }, 'annotation submitted');
      await after(task.campaignId, true);
      return { task };
    }),

    skipAnnotationTask: unary(log, async (request) => {
      checkText('reason', request.reason, MAX_TEXT, 1);
      const bytes = SkipAnnotationTaskRequest.encode(request).finish();
      const task = await answered(db, request.requestId, 'SkipAnnotationTask', bytes, (tx) => skipTask(tx, request));
      log.info({ campaign: task.campaignId, task: task.taskId, reason: request.reason }, 'annotation task skipped');
      await after(task.campaignId, true);
      return { task };
    }),

    releaseAnnotationTask: unary(log, async ({ taskId, etag }) => {
      const task = await db.transaction(async (tx) => {
        const row = await lockTask(tx, taskId);
        const isHis = row.state === 'leased' && (etag === '' || etag === etagOf(row));
        if (!isHis) return viewForAnnotator(tx, row);
        const wasReturned = row.returnNote !== null;
        const released = await changeTask(tx, row, {
          state: wasReturned ? 'returned' : 'open',
          annotator: wasReturned ? row.annotator : '',
          leaseExpireTime: null,
        });
        return viewForAnnotator(tx, released);
      });
      await after(task.campaignId, false);
      return { task };
    }),

    reviewAnnotation: unary(log, async (request) => {
      checkText('reviewer', request.reviewer, MAX_NAME, 1);
      checkText('note', request.note, MAX_TEXT);
      const bytes = ReviewAnnotationRequest.encode(request).finish();
      const task = await answered(db, request.requestId, 'ReviewAnnotation', bytes, (tx) => reviewTask(tx, request));
      const { reviewer, accept } = request;
      log.info({ campaign: task.campaignId, task: task.taskId, reviewer, accept }, 'annotation reviewed');
      await after(task.campaignId, accept);
      return { task };
    }),

    getAnnotationTask: unary(log, async ({ taskId }) => ({
      task: await db.transaction(async (tx) => viewForAnnotator(tx, await readTask(tx, taskId))),
    })),

    listAnnotationTasks: unary(log, async (request) => {
      const page = readPage(request);
      const { campaignId, state, annotator } = request;
      checkEnum('state', state, { values: AnnotationTaskState, expected: 'a state of a task, or none for all' });
      const wanted = stateNamed(state);
      const after =
        page.after &&
        sql`(${annotationTasks.campaignId}, ${annotationTasks.cycle}, ${annotationTasks.step}, ${annotationTasks.rank}, ${annotationTasks.taskId}) > (${page.after[0]}::text, ${page.after[1]}::int, ${page.after[2]}::int, ${page.after[3]}::int, ${page.after[4]}::text)`;
      return db.transaction(async (tx) => {
        const found = await tx
          .select()
          .from(annotationTasks)
          .where(
            and(
              ofCampaign(campaignId),
              wanted && eq(annotationTasks.state, wanted),
              annotator === '' ? undefined : eq(annotationTasks.annotator, annotator),
              after,
            ),
          )
          .orderBy(
            asc(annotationTasks.campaignId),
            asc(annotationTasks.cycle),
            asc(annotationTasks.step),
            asc(annotationTasks.rank),
            asc(annotationTasks.taskId),
          )
          .limit(page.limit + 1);
        const { rows, nextPageToken } = cutPage(found, page, (row) => [
          row.campaignId,
          row.cycle,
          row.step,
          row.rank,
          row.taskId,
        ]);
        return { tasks: await viewTasks(tx, rows), nextPageToken };
      });
    }),

    listAnnotationCosts: unary(log, async (request) => {
      const page = readPage(request);
      const time = sql<string>`${annotationTasks.submitTime}::text`;
      const after =
        page.after &&
        sql`(${annotationTasks.submitTime}, ${annotationTasks.taskId}) > (${page.after[0]}::timestamptz, ${page.after[1]}::text)`;
      const found = await db
        .select({ row: annotationTasks, time })
        .from(annotationTasks)
        .where(and(isNotNull(annotationTasks.submitTime), ofCampaign(request.campaignId), after))
        .orderBy(asc(annotationTasks.submitTime), asc(annotationTasks.taskId))
        .limit(page.limit + 1);
      const { rows, nextPageToken } = cutPage(found, page, ({ row, time: at }) => [at, row.taskId]);
      return { costs: rows.map(({ row }) => taskCost(row)), nextPageToken };
    }),

    summarizeAnnotators: unary(log, async ({ campaignId }) => ({
      annotators: await summarizeAnnotators(db, campaignId),
    })),

    listSuspiciousLabels: unary(log, async (request) => {
      const page = readPage(request);
      const { disagreement, taskId } = annotationTasks;
      const after =
        page.after && sql`(-${disagreement}, ${taskId}) > (${page.after[0]}::double precision, ${page.after[1]}::text)`;
      return db.transaction(async (tx) => {
        const found = await tx
          .select()
          .from(annotationTasks)
          .where(
            and(
              ofCampaign(request.campaignId),
              inArray(annotationTasks.state, ['submitted', 'accepted']),
              eq(annotationTasks.purpose, 'label'),
              sql`${disagreement} > 0`,
              after,
            ),
          )
          .orderBy(desc(disagreement), asc(taskId))
          .limit(page.limit + 1);
        const { rows, nextPageToken } = cutPage(found, page, (row) => [-(row.disagreement ?? 0), row.taskId]);
        const tasks = await viewTasks(tx, rows);
        return { labels: tasks.map((task, i) => ({ task, disagreement: rows[i]!.disagreement ?? 0 })), nextPageToken };
      });
    }),
  } satisfies AnnotationQueueServer);
}

async function answered(
  db: Database,
  requestId: string,
  method: string,
  request: Uint8Array,
  change: (tx: Transaction) => Promise<TaskRow>,
): Promise<LabellingTask> {
  const json = await once(db, { requestId, method, request }, async (tx) =>
    LabellingTask.toJSON(await viewForAnnotator(tx, await change(tx))),
  );
  return LabellingTask.fromJSON(json);
}

const ofCampaign = (campaignId: string): SQL | undefined =>
  and(campaignId === '' ? undefined : eq(annotationTasks.campaignId, campaignId), inScope(annotationTasks.campaignId));

function taskCost(row: TaskRow) {
  const { taskId, campaignId, cycle, imageId, annotator, height, width } = row;
  return { taskId, campaignId, cycle, imageId, annotator, cost: costOf(row), pixels: BigInt(height * width) };
}

function checkCost(cost: AnnotationCost | undefined): AnnotationCost {
  const { activeSeconds, clicks, strokes } = cost ?? AnnotationCost.fromPartial({});
  checkNumber('cost.active_seconds', activeSeconds, 0, MAX_SECONDS);
  checkNumber('cost.clicks', Number(clicks), 0, MAX_COUNT);
  checkNumber('cost.strokes', Number(strokes), 0, MAX_COUNT);
  return { activeSeconds, clicks, strokes };
}

function checkText(field: string, value: string, most: number, least = 0): void {
  if (value.length >= least && value.length <= most) return;
  throw invalid(`${field}: expected ${least} to ${most} characters, got ${value.length}`, { field });
}
