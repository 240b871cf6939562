// Tasks, for whoever looks after them: the review queue, what labels cost, who agrees with whom, and which labels to look at again.
import { pipeline, Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import { Type } from 'typebox';
import { AnnotationTaskState } from '../../../proto/gen/cpral/v1/annotation.ts';
import { actingAs, forThisPerson } from '../people/person.ts';
import { ask, pages, required } from '../registry/registry.ts';
import {
  AnnotationTask,
  AnnotatorList,
  CostList,
  ReviewRequest,
  SuspiciousList,
  TaskList,
  TaskState,
} from '../schemas/task-schemas.ts';
import { readIfMatch } from '../server/etags.ts';
import { bytes, Id, IfMatch, PageToken, REFUSALS, type Routes } from '../server/routes.ts';
import { annotatorView, costView, reviewedView, taskStateOf, taskView } from '../views/task-view.ts';

const PER_PAGE = 50;
const COLUMNS = [
  'taskId',
  'campaignId',
  'cycle',
  'imageId',
  'annotator',
  'activeSeconds',
  'clicks',
  'strokes',
  'pixels',
];
/** A cell that begins like this is a formula to a spreadsheet, and names are anybody's. */
const FORMULA = /^[=+\-@\t\r]/;

const CampaignQuery = { campaignId: Type.Optional(Id('of the campaign')) };
const PageQuery = Type.Object({ ...CampaignQuery, pageToken: PageToken });

export const reviewRoutes: Routes = (server, { registry }) => {
  const { tasks } = registry;

  server.get(
    '/tasks',
    {
      schema: {
        summary: 'Tasks, by campaign, cycle and rank; those that are submitted are the review queue',
        querystring: Type.Object({
          ...PageQuery.properties,
          state: Type.Optional(TaskState),
          annotator: Type.Optional(Type.String({ maxLength: 100 })),
        }),
        response: { 200: TaskList, ...REFUSALS },
      },
    },
    async ({ query: { campaignId = '', state, annotator = '', pageToken = '' } }) => {
      const wanted = state ? taskStateOf(state) : AnnotationTaskState.ANNOTATION_TASK_STATE_UNSPECIFIED;
      const request = { campaignId, state: wanted, annotator, pageSize: PER_PAGE, pageToken };
      const page = await ask(tasks, tasks.listAnnotationTasks, request);
      return { tasks: page.tasks.map(reviewedView), nextPageToken: page.nextPageToken };
    },
  );

  server.post(
    '/tasks/:taskId/review',
    {
      schema: {
        summary: 'Accepts a submitted task, or returns it to its annotator',
        params: Type.Object({ taskId: Id('of the task') }),
        headers: IfMatch,
        body: ReviewRequest,
        response: { 200: AnnotationTask, ...REFUSALS },
      },
    },
    async ({ params: { taskId }, headers, body }) => {
      const request = { taskId, etag: readIfMatch(headers['if-match']), ...body, reviewer: actingAs(body.reviewer) };
      return taskView(required((await ask(tasks, tasks.reviewAnnotation, request)).task, 'a task'));
    },
  );

  server.get(
    '/costs',
    {
      schema: {
        summary: 'What each task took its annotator',
        querystring: PageQuery,
        response: { 200: CostList, ...REFUSALS },
      },
    },
    async ({ query: { campaignId = '', pageToken = '' } }) => {
      const page = await ask(tasks, tasks.listAnnotationCosts, { campaignId, pageSize: PER_PAGE, pageToken });
      return { costs: page.costs.map(costView), nextPageToken: page.nextPageToken };
    },
  );

  server.get(
    '/costs.csv',
    {
      schema: {
        summary: 'The same, all of it, as a file',
        querystring: Type.Object(CampaignQuery),
        response: { 200: { description: 'CSV', content: { 'text/csv': { schema: Type.String() } } }, ...REFUSALS },
      },
    },
    async ({ query: { campaignId = '' } }, reply) => {
      const costs = pages(async (page) => {
        const { costs, nextPageToken } = await ask(tasks, tasks.listAnnotationCosts, { campaignId, ...page });
        return { items: costs.map(costView), nextPageToken };
      });
      const rows = forThisPerson(costs)[Symbol.asyncIterator]();
      // A refusal is told before the file begins.
      const first = await rows.next();
      const csv = stringify({
        header: true,
        columns: COLUMNS,
        cast: { string: (text) => (FORMULA.test(text) ? `'${text}` : text) },
      });
      pipeline(Readable.from(withFirst(first, rows)), csv, () => {});
      return reply
        .headers({
          'content-type': 'text/csv; charset=utf-8',
          'content-disposition': 'attachment; filename="costs.csv"',
        })
        .send(bytes(csv));
    },
  );

  server.get(
    '/annotators',
    {
      schema: {
        summary: 'The work of each annotator, and how far others agree with it',
        querystring: Type.Object(CampaignQuery),
        response: { 200: AnnotatorList, ...REFUSALS },
      },
    },
    async ({ query: { campaignId = '' } }) => ({
      annotators: (await ask(tasks, tasks.summarizeAnnotators, { campaignId })).annotators.map(annotatorView),
    }),
  );

  server.get(
    '/suspicious',
    {
      schema: {
        summary: 'Labels that a confident model contradicts, worst first',
        querystring: PageQuery,
        response: { 200: SuspiciousList, ...REFUSALS },
      },
    },
    async ({ query: { campaignId = '', pageToken = '' } }) => {
      const page = await ask(tasks, tasks.listSuspiciousLabels, { campaignId, pageSize: PER_PAGE, pageToken });
      const labels = page.labels.map(({ task, disagreement }) => ({
        task: reviewedView(required(task, 'a task')),
        disagreement,
      }));
      return { labels, nextPageToken: page.nextPageToken };
    },
  );
};

async function* withFirst<T>(first: IteratorResult<T>, rest: AsyncIterator<T>): AsyncGenerator<T> {
  if (first.done) return;
  yield first.value;
  yield* { [Symbol.asyncIterator]: () => rest };
}
