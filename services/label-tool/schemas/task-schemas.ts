// Tasks, people and what they cost, as they travel: api-types.ts and dashboard-types.ts have the same as types.
import { Type } from 'typebox';
import { list, nullable, oneOf, RequestId, request } from './kinds.ts';

/** Of what somebody did. */
const count = () => Type.Unsafe<number>(Type.Integer({ minimum: 0, maximum: 1e9 }));

export const TaskWindow = Type.Object({
  top: Type.Number(),
  left: Type.Number(),
  height: Type.Number(),
  width: Type.Number(),
});

export const TaskClass = Type.Object({
  id: Type.Number(),
  name: Type.String(),
  color: Type.String({ description: 'As #rrggbb.' }),
});

export const TaskPictures = Type.Object(
  {
    image: Type.String(),
    label: nullable(Type.String()),
    prediction: nullable(Type.String()),
    entropy: nullable(Type.String()),
    draft: nullable(Type.String(), { description: 'Of the window alone, as it was put.' }),
  },
  {
    description:
      "Addresses of this server. All but the image are 8-bit grey PNG at the task's size; of class ids, where 255 is none, but for entropy.",
  },
);

export const TaskState = oneOf(['open', 'leased', 'submitted', 'returned', 'accepted', 'skipped', 'cancelled']);

export const AnnotationTask = Type.Object({
  taskId: Type.String(),
  etag: Type.String(),
  campaignId: Type.String(),
  cycle: Type.Number(),
  imageId: Type.String(),
  kind: oneOf(['region', 'image']),
  window: TaskWindow,
  size: Type.Object(
    { height: Type.Number(), width: Type.Number() },
    { description: "Of the image at the campaign's size." },
  ),
  state: TaskState,
  annotator: nullable(Type.String()),
  leaseExpiresAt: nullable(Type.String(), { description: 'ISO 8601.' }),
  reason: Type.String({ description: 'Why it was asked for, a sentence.' }),
  score: Type.Number(),
  rank: Type.Number(),
  remaining: Type.Number({ description: 'Open tasks of the campaign.' }),
  returned: nullable(Type.Object({ note: Type.String(), by: Type.String() }), {
    description: 'A reviewer sent it back.',
  }),
  classes: list(TaskClass),
  pictures: TaskPictures,
});

export const LeaseRequest = request({
  campaignId: Type.Optional(Type.String({ minLength: 1, maxLength: 63 })),
  annotator: Type.String({ minLength: 1, maxLength: 100, pattern: '\\S' }),
  taskId: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 512,
      description: 'After a reload: this task before any other, where nobody else has it. A server may pass over it.',
    }),
  ),
});

export const LeaseRenewed = Type.Object(
  {
    leaseExpiresAt: Type.String(),
    etag: Type.String(),
  },
  { description: 'POST /tasks/:id/renew and PUT /tasks/:id/draft' },
);

export const DraftSaved = Type.Object({
  etag: Type.String(),
});

export const Cost = request({
  activeSeconds: Type.Number({
    minimum: 0,
    maximum: 1e7,
    description: 'Seconds in which the annotator did something, or had done so less than 30 s before.',
  }),
  clicks: count(),
  strokes: count(),
});

export const SubmitRequest = request({ requestId: RequestId, cost: Cost });

export const SkipRequest = request({
  requestId: RequestId,
  reason: Type.String({ minLength: 1, maxLength: 2_000 }),
});

export const ReleaseRequest = request({
  etag: Type.Optional(
    Type.String({
      maxLength: 200,
      description: 'A beacon has no headers. A release whose tag is not the task’s changes nothing.',
    }),
  ),
});

export const PeopleCost = Type.Object({
  tasks: Type.Number(),
  activeSeconds: Type.Number(),
  clicks: Type.Number(),
  strokes: Type.Number(),
  pixels: Type.Number(),
});

export const ReviewRequest = request(
  {
    requestId: RequestId,
    accept: Type.Boolean(),
    note: Type.String({
      maxLength: 2_000,
      description: 'What is to be done; wanted where the label is returned.',
    }),
    reviewer: Type.String({ minLength: 1, maxLength: 100 }),
  },
  { description: 'The reviewer is not the annotator: 409 else.' },
);

export const ReviewedTask = Type.Object(
  {
    ...AnnotationTask.properties,
    purpose: oneOf(['label', 'second-opinion', 'gold']),
    reviewer: nullable(Type.String()),
    cost: nullable(PeopleCost),
    createdAt: Type.String(),
    updatedAt: Type.String(),
  },
  { description: 'What only reviewers see: an annotator does not know which tasks are gold.' },
);

export const TaskList = Type.Object({
  tasks: list(ReviewedTask),
  nextPageToken: Type.String(),
});

export const AnnotatorSummary = Type.Object({
  annotator: Type.String(),
  tasks: Type.Number(),
  activeSeconds: Type.Number(),
  clicks: Type.Number(),
  strokes: Type.Number(),
  pixels: Type.Number(),
  goldIou: nullable(Type.Number(), { description: 'Mean IoU against known labels; null where none was given.' }),
  agreementIou: nullable(Type.Number(), {
    description: 'Mean IoU with others on the same regions; null where there is none.',
  }),
  returnedShare: Type.Number({ description: 'Share of the tasks that a reviewer sent back.' }),
});

export const AnnotatorList = Type.Object({
  annotators: list(AnnotatorSummary),
});

export const SuspiciousLabel = Type.Object(
  {
    task: ReviewedTask,
    disagreement: Type.Number({
      description: "Share of the window's pixels that differ from the prediction, weighed by its certainty, 0 to 1.",
    }),
  },
  { description: 'A label that a confident model contradicts.' },
);

export const SuspiciousList = Type.Object({
  labels: list(SuspiciousLabel),
  nextPageToken: Type.String(),
});

export const TaskCost = Type.Object({
  ...PeopleCost.properties,
  taskId: Type.String(),
  campaignId: Type.String(),
  cycle: Type.Number(),
  imageId: Type.String(),
  annotator: Type.String(),
});

export const CostList = Type.Object({
  costs: list(TaskCost),
  nextPageToken: Type.String(),
});
