// The tables. Names are the words of the protocol; what a row means is said there.
import { type SQL, sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  bigint,
  bigserial,
  boolean,
  customType,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  serial,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';

const time = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });
/** Ordered by its bytes, whatever the database's locale: ties between scores must not depend on it, and indexes keep that order. */
const bytewiseText = customType<{ data: string }>({ dataType: () => 'text collate "C"' });
const imageId = () => bytewiseText('image_id').notNull();
const count = (name: string) => bigint(name, { mode: 'number' }).notNull().default(0);

/** Of a reference to an object: who has a digest is asked when it is downloaded. */
export const digestOf = (column: AnyPgColumn, member?: string): SQL => {
  const reference = member === undefined ? sql`${column}` : sql`(${column} -> ${sql.raw(`'${member}'`)})`;
  return sql`(${reference} ->> 'digest')`;
};

export const datasets = pgTable('datasets', {
  key: serial('key').primaryKey(),
  /** Null while an import is under way: nobody sees half a dataset. */
  datasetId: text('dataset_id').unique(),
  displayName: text('display_name').notNull(),
  classMap: jsonb('class_map').notNull(),
  trainImages: integer('train_images').notNull().default(0),
  valImages: integer('val_images').notNull().default(0),
  createTime: time('create_time').notNull().defaultNow(),
});

export const images = pgTable(
  'images',
  {
    datasetKey: integer('dataset_key')
      .notNull()
      .references(() => datasets.key, { onDelete: 'cascade' }),
    imageId: imageId(),
    split: integer('split').notNull(),
    height: integer('height').notNull(),
    width: integer('width').notNull(),
    image: jsonb('image').notNull(),
    groundTruth: jsonb('ground_truth'),
  },
  (table) => [
    primaryKey({ columns: [table.datasetKey, table.imageId] }),
    index('images_split').on(table.datasetKey, table.split, table.imageId),
    index('images_image_digest').on(digestOf(table.image)),
    index('images_truth_digest').on(digestOf(table.groundTruth)),
  ],
);

export const campaigns = pgTable('campaigns', {
  campaignId: text('campaign_id').primaryKey(),
  datasetKey: integer('dataset_key')
    .notNull()
    .references(() => datasets.key),
  config: jsonb('config').notNull(),
  /** What the configuration's strategy meant when the campaign was made: a release may give a name other parts. Null: made before it was kept. */
  strategy: jsonb('strategy'),
  /** Of dataset and configuration: equal digests are the same campaign. */
  configDigest: text('config_digest').notNull(),
  state: integer('state').notNull(),
  step: integer('step').notNull(),
  cycle: integer('cycle').notNull().default(0),
  /** Counts transitions: the etag. */
  version: integer('version').notNull().default(0),
  error: text('error').notNull().default(''),
  stepStartTime: time('step_start_time').notNull().defaultNow(),
  createTime: time('create_time').notNull().defaultNow(),
  updateTime: time('update_time').notNull().defaultNow(),
});

const campaignId = () =>
  text('campaign_id')
    .notNull()
    .references(() => campaigns.campaignId, { onDelete: 'cascade' });

export const poolItems = pgTable(
  'pool_items',
  {
    campaignId: campaignId(),
    imageId: imageId(),
    state: integer('state').notNull(),
    /** Why an excluded image is, and the work item that would let it in again. */
    excludedCause: text('excluded_cause'),
    excludedItemId: text('excluded_item_id'),
  },
  (table) => [
    primaryKey({ columns: [table.campaignId, table.imageId] }),
    index('pool_items_state').on(table.campaignId, table.state, table.imageId),
  ],
);

export const cycles = pgTable(
  'cycles',
  {
    campaignId: campaignId(),
    cycle: integer('cycle').notNull(),
    labelled: jsonb('labelled').notNull(),
    modelId: text('model_id'),
    evaluation: jsonb('evaluation'),
    loss: doublePrecision('loss').notNull().default(0),
    quality: jsonb('quality'),
    createTime: time('create_time').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.campaignId, table.cycle] })],
);

export const ratings = pgTable(
  'ratings',
  {
    campaignId: campaignId(),
    cycle: integer('cycle').notNull(),
    imageId: imageId(),
    rating: doublePrecision('rating').notNull(),
    /** Place in the panoptic subset from 0; null outside it. */
    subsetRank: integer('subset_rank'),
  },
  (table) => [
    primaryKey({ columns: [table.campaignId, table.cycle, table.imageId] }),
    index('ratings_order').on(table.campaignId, table.cycle, table.rating.desc().nullsFirst(), table.imageId),
    index('ratings_subset')
      .on(table.campaignId, table.cycle, table.subsetRank)
      .where(sql`${table.subsetRank} is not null`),
  ],
);

export const regions = pgTable(
  'regions',
  {
    campaignId: campaignId(),
    cycle: integer('cycle').notNull(),
    imageId: imageId(),
    top: integer('top').notNull(),
    left: integer('left').notNull(),
    height: integer('height').notNull(),
    width: integer('width').notNull(),
    score: doublePrecision('score').notNull(),
    /** What it costs: a window may reach over pixels that are labelled already. */
    unlabelledPixels: integer('unlabelled_pixels').notNull(),
    /** Null for a candidate that was not picked. */
    rank: integer('rank'),
  },
  (table) => [
    primaryKey({ columns: [table.campaignId, table.cycle, table.imageId, table.top, table.left] }),
    index('regions_order').on(
      table.campaignId,
      table.cycle,
      table.score.desc().nullsFirst(),
      table.imageId,
      table.top,
      table.left,
    ),
    index('regions_rank').on(table.campaignId, table.cycle, table.rank),
  ],
);

export const previews = pgTable(
  'previews',
  {
    campaignId: campaignId(),
    cycle: integer('cycle').notNull(),
    imageId: imageId(),
    entropy: jsonb('entropy').notNull(),
    /** Of campaigns that people annotate. */
    prediction: jsonb('prediction'),
    certainty: jsonb('certainty'),
  },
  (table) => [
    primaryKey({ columns: [table.campaignId, table.cycle, table.imageId] }),
    index('previews_digest').on(digestOf(table.entropy)),
    index('previews_prediction_digest').on(digestOf(table.prediction)),
  ],
);

/** One row a cycle in which an image's label changed; the newest one counts. */
export const labels = pgTable(
  'labels',
  {
    campaignId: campaignId(),
    imageId: imageId(),
    cycle: integer('cycle').notNull(),
    masks: jsonb('masks').notNull(),
    labelledPixels: count('labelled_pixels'),
    voidPixels: count('void_pixels'),
    extendedPixels: count('extended_pixels'),
  },
  (table) => [
    primaryKey({ columns: [table.campaignId, table.imageId, table.cycle] }),
    index('labels_classes_digest').on(digestOf(table.masks, 'classes')),
    index('labels_origins_digest').on(digestOf(table.masks, 'origins')),
  ],
);

export const models = pgTable(
  'models',
  {
    modelId: text('model_id').primaryKey(),
    campaignId: campaignId(),
    cycle: integer('cycle').notNull(),
    model: jsonb('model').notNull(),
  },
  (table) => [index('models_weights_digest').on(digestOf(table.model, 'weights'))],
);

export const workItems = pgTable(
  'work_items',
  {
    itemId: bytewiseText('item_id').primaryKey(),
    campaignId: campaignId(),
    cycle: integer('cycle').notNull(),
    step: integer('step').notNull(),
    kind: text('kind').notNull(),
    spec: jsonb('spec').notNull(),
    /** Of kind and spec: equal work is done once. */
    specDigest: text('spec_digest').notNull(),
    state: text('state', { enum: ['open', 'leased', 'done', 'parked', 'cancelled', 'split'] }).notNull(),
    /** Leases that it had since it last came further. */
    attempts: integer('attempts').notNull().default(0),
    /** Failures that its workers reported. */
    failures: integer('failures').notNull().default(0),
    createTime: time('create_time').notNull().defaultNow(),
    leaseToken: text('lease_token'),
    worker: text('worker'),
    leaseExpireTime: time('lease_expire_time'),
    /** Not handed out before this time: back-off after a failure. */
    notBefore: time('not_before').notNull().defaultNow(),
    unitsDone: doublePrecision('units_done').notNull().default(0),
    unitsTotal: doublePrecision('units_total').notNull().default(0),
    message: text('message').notNull().default(''),
    checkpoint: jsonb('checkpoint'),
    result: jsonb('result'),
    computeSeconds: doublePrecision('compute_seconds').notNull().default(0),
    cause: text('cause').notNull().default(''),
    /** W3C trace context of whoever opened it. */
    traceparent: text('traceparent'),
  },
  (table) => [
    index('work_items_step').on(table.campaignId, table.cycle, table.step, table.state),
    index('work_items_state').on(table.state, table.notBefore),
    index('work_items_age').on(table.campaignId, table.createTime, table.itemId),
    index('work_items_digest').on(table.specDigest, table.state),
  ],
);

/** What people are asked, a window each. */
export const annotationTasks = pgTable(
  'annotation_tasks',
  {
    taskId: bytewiseText('task_id').primaryKey(),
    campaignId: campaignId(),
    cycle: integer('cycle').notNull(),
    /** Initial labels and the first acquisition are of one cycle. */
    step: integer('step').notNull(),
    /** Place in its step; a second opinion and a gold task have the place of the task that they follow. */
    rank: integer('rank').notNull(),
    purpose: text('purpose', { enum: ['label', 'second-opinion', 'gold'] }).notNull(),
    /** Of the pool; of the validation images for a gold task. */
    imageId: imageId(),
    top: integer('top').notNull(),
    left: integer('left').notNull(),
    height: integer('height').notNull(),
    width: integer('width').notNull(),
    score: doublePrecision('score').notNull().default(0),
    state: text('state', {
      enum: ['open', 'leased', 'submitted', 'returned', 'accepted', 'skipped', 'cancelled'],
    }).notNull(),
    /** Counts changes: the etag. */
    version: integer('version').notNull().default(1),
    annotator: text('annotator').notNull().default(''),
    leaseExpireTime: time('lease_expire_time'),
    draft: jsonb('draft'),
    activeSeconds: doublePrecision('active_seconds').notNull().default(0),
    clicks: count('clicks'),
    strokes: count('strokes'),
    skipReason: text('skip_reason').notNull().default(''),
    reviewer: text('reviewer').notNull().default(''),
    /** Of the last return that is not answered yet. */
    returnNote: text('return_note'),
    /** How often a reviewer sent it back. */
    returns: integer('returns').notNull().default(0),
    /** With the truth, or with the other opinion. */
    iou: doublePrecision('iou'),
    /** With the model's prediction, weighed by its certainty. */
    disagreement: doublePrecision('disagreement'),
    submitTime: time('submit_time'),
    createTime: time('create_time').notNull().defaultNow(),
    updateTime: time('update_time').notNull().defaultNow(),
  },
  (table) => [
    index('annotation_tasks_state').on(table.campaignId, table.state, table.cycle, table.step, table.rank),
    index('annotation_tasks_draft_digest').on(digestOf(table.draft)),
    index('annotation_tasks_image').on(table.campaignId, table.cycle, table.step, table.imageId),
    index('annotation_tasks_lease').on(table.leaseExpireTime).where(sql`${table.state} = 'leased'`),
    index('annotation_tasks_submitted').on(table.submitTime, table.taskId).where(sql`${table.submitTime} is not null`),
  ],
);

export const outbox = pgTable(
  'outbox',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    /** A work item's kind, or null for an event. */
    workKind: text('work_kind'),
    itemId: text('item_id'),
    eventType: text('event_type'),
    subject: text('subject').notNull().default(''),
    data: jsonb('data'),
    /** W3C trace context of whoever caused it. */
    traceparent: text('traceparent'),
    createTime: time('create_time').notNull().defaultNow(),
  },
  // A step over a large pool leaves many rows of work; events are found past them.
  (table) => [index('outbox_events').on(table.id).where(sql`${table.eventType} is not null`)],
);

/** Answers to requests that carried an id, kept for a day. */
export const requests = pgTable(
  'requests',
  {
    requestId: text('request_id').primaryKey(),
    method: text('method').notNull(),
    requestDigest: text('request_digest').notNull(),
    response: jsonb('response').notNull(),
    createTime: time('create_time').notNull().defaultNow(),
  },
  (table) => [index('requests_time').on(table.createTime)],
);

export const operations = pgTable(
  'operations',
  {
    operationId: text('operation_id').primaryKey(),
    campaignId: campaignId(),
    done: boolean('done').notNull().default(false),
    errorCode: integer('error_code').notNull().default(0),
    errorMessage: text('error_message').notNull().default(''),
    createTime: time('create_time').notNull().defaultNow(),
    updateTime: time('update_time').notNull().defaultNow(),
  },
  (table) => [uniqueIndex('operations_campaign').on(table.campaignId)],
);

/** Objects that a project uploaded, whether or not anything refers to them yet. */
export const uploads = pgTable(
  'uploads',
  { project: text('project').notNull(), digest: text('digest').notNull() },
  (table) => [primaryKey({ columns: [table.project, table.digest] })],
);

/** Programs' keys. Of a secret there is only the hash. */
export const apiKeys = pgTable('api_keys', {
  keyId: bytewiseText('key_id').primaryKey(),
  displayName: text('display_name').notNull(),
  project: text('project').notNull(),
  role: text('role').notNull(),
  secretHash: text('secret_hash').notNull(),
  createdBy: text('created_by').notNull(),
  createTime: time('create_time').notNull().defaultNow(),
  expireTime: time('expire_time'),
  revokeTime: time('revoke_time'),
});

/** What was done and what was refused. A trigger of its migration refuses every change of it. */
export const auditLog = pgTable(
  'audit_log',
  {
    /** Not counted: from numbers a project would learn how much others do. */
    entryId: uuid('entry_id').primaryKey().defaultRandom(),
    time: time('time').notNull().defaultNow(),
    kind: text('kind').notNull(),
    subject: text('subject').notNull(),
    project: text('project').notNull(),
    method: text('method').notNull(),
    target: text('target').notNull(),
    source: text('source').notNull(),
    outcome: text('outcome').notNull(),
  },
  (table) => [index('audit_log_project').on(table.project, table.time, table.entryId)],
);
