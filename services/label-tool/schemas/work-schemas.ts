// Work items and models.
import { Type } from 'typebox';
import { CampaignStep } from './campaign-schemas.ts';
import { PixelSize } from './common-schemas.ts';
import { list, nullable, oneOf, RequestId, request } from './kinds.ts';

export const QueueDepth = Type.Object({
  kind: Type.String({
    description: '"train", "rate", "find_regions", "annotate", "extend_labels", "select_centres" or "train_sampler".',
  }),
  open: Type.Number(),
  leased: Type.Number(),
  parked: Type.Number(),
});

export const BusyWorker = Type.Object({
  worker: Type.String(),
  kind: Type.String(),
  itemId: Type.String(),
  campaignId: Type.String(),
  unitsDone: Type.Number(),
  unitsTotal: Type.Number(),
  leaseExpiresAt: nullable(Type.String()),
});

export const WorkSummary = Type.Object(
  {
    queues: list(QueueDepth),
    workers: list(BusyWorker, { description: 'Those that hold an item; an idle worker is not known.' }),
    truncated: Type.Boolean({ description: 'There is more work than was counted: the depths are at least these.' }),
  },
  { description: 'The data of an event `work`: at the start and whenever it changed, at most once a second.' },
);

export const WorkState = oneOf(['open', 'leased', 'done', 'parked', 'cancelled', 'split']);

export const WorkView = Type.Object({
  itemId: Type.String(),
  campaignId: Type.String(),
  cycle: Type.Number(),
  step: CampaignStep,
  kind: Type.String(),
  state: WorkState,
  attempts: Type.Number(),
  failures: Type.Number(),
  worker: Type.String({ description: 'Who has it, or had it last; empty where nobody had.' }),
  cause: Type.String({ description: 'What its last attempt came to, a sentence; empty where that was nothing bad.' }),
  unitsDone: Type.Number(),
  unitsTotal: Type.Number(),
  createdAt: Type.String(),
  leaseExpiresAt: nullable(Type.String()),
});

export const WorkList = Type.Object({
  items: list(WorkView),
  nextPageToken: Type.String(),
});

export const RedriveRequest = request(
  {
    requestId: RequestId,
    itemIds: Type.Optional(list(Type.String({ minLength: 1, maxLength: 512 }), { maxItems: 1_000 })),
    campaignId: Type.Optional(Type.String({ minLength: 1, maxLength: 63, description: 'All parked items of it.' })),
  },
  { description: 'Either items or a campaign.' },
);

export const ModelView = Type.Object({
  modelId: Type.String(),
  campaignId: Type.String(),
  cycle: Type.Number(),
  encoder: Type.String(),
  classCount: Type.Number(),
  size: PixelSize,
  miou: nullable(Type.Number()),
  sizeBytes: Type.Number(),
  createdAt: Type.String(),
  trainingDigest: Type.String({ description: 'Digest of all that went into the training.' }),
  download: Type.String({ description: 'Address of the safetensors file.' }),
});

export const ModelList = Type.Object({
  models: list(ModelView),
});
