// The streams and consumers, made by the services themselves: created where they are missing, changed where they differ.
import {
  AckPolicy,
  type ConsumerConfig,
  DeliverPolicy,
  DiscardPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import { WORK_KINDS, type WorkKind } from '../bus.ts';

export const WORK_STREAM = 'CPRAL_WORK';
export const EVENT_STREAM = 'CPRAL_EVENTS';

const DAY_MS = 24 * 3_600_000;
const WORK_LIMITS = { bytes: 64 << 20, messageBytes: 4 << 10, ageMs: 7 * DAY_MS };
const EVENT_LIMITS = { messages: 1_000_000, bytes: 256 << 20, messageBytes: 64 << 10, ageMs: 30 * DAY_MS };
/** A relay that was cut off between publishing and noting it publishes again within this time. */
const EVENT_DUPLICATE_WINDOW_MS = 10 * 60_000;
const MAX_ACK_PENDING = 10_000;

export interface Topology {
  readonly replicas: number;
  readonly maxWorkMessages: number;
  readonly ackWaitMs: number;
}

/** One subject an item, under one a kind: the stream itself then knows which items wait. */
export function workSubject(kind: WorkKind, itemId: string): string {
  return `cpral.work.${kind}.${itemId}`;
}

export function itemOf(kind: WorkKind, subject: string): string {
  return subject.slice(workSubject(kind, '').length);
}

export function eventSubject(type: string): string {
  return `cpral.events.${type}`;
}

export function consumerName(kind: WorkKind): string {
  return `worker-${kind}`;
}

/** Safe to call at any time, by any number of services. */
export async function ensureTopology(manager: JetStreamManager, topology: Topology): Promise<void> {
  try {
    await ensureAll(manager, topology);
  } catch (error) {
    // Deleted between two calls of ours: once more.
    if (!(error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound)) throw error;
    await ensureAll(manager, topology);
  }
}

async function ensureAll(manager: JetStreamManager, topology: Topology): Promise<void> {
  await ensureStream(manager, workStream(topology));
  await ensureStream(manager, eventStream(topology));
  for (const kind of WORK_KINDS) await ensureConsumer(manager, WORK_STREAM, workConsumer(kind, topology));
}

/**
 * One message an item, waiting or in a worker's hands: a second one is refused by the stream, however late it comes. A window of
 * message ids would forget early and remember too long: it swallows what is published again after its message was dropped.
 */
function workStream({ replicas, maxWorkMessages }: Topology) {
  return {
    name: WORK_STREAM,
    subjects: ['cpral.work.>'],
    retention: RetentionPolicy.Workqueue,
    storage: StorageType.File,
    discard: DiscardPolicy.New,
    discard_new_per_subject: true,
    max_msgs_per_subject: 1,
    max_msgs: maxWorkMessages,
    max_bytes: WORK_LIMITS.bytes,
    max_msg_size: WORK_LIMITS.messageBytes,
    max_age: nanos(WORK_LIMITS.ageMs),
    num_replicas: replicas,
  } satisfies Partial<StreamConfig>;
}

function eventStream({ replicas }: Topology) {
  return {
    name: EVENT_STREAM,
    subjects: ['cpral.events.>'],
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    discard: DiscardPolicy.Old,
    max_msgs: EVENT_LIMITS.messages,
    max_bytes: EVENT_LIMITS.bytes,
    max_msg_size: EVENT_LIMITS.messageBytes,
    max_age: nanos(EVENT_LIMITS.ageMs),
    duplicate_window: nanos(EVENT_DUPLICATE_WINDOW_MS),
    num_replicas: replicas,
  } satisfies Partial<StreamConfig>;
}

/**
 * Deliveries are not limited here: an exhausted message would stay for ever, seen by nobody, and keep its item from being published
 * again. The registry counts what an item's attempts came to, parks it, and refuses its lease; its message then goes.
 */
function workConsumer(kind: WorkKind, { ackWaitMs }: Topology) {
  return {
    durable_name: consumerName(kind),
    filter_subject: workSubject(kind, '>'),
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: nanos(ackWaitMs),
    max_deliver: -1,
    max_ack_pending: MAX_ACK_PENDING,
  } satisfies Partial<ConsumerConfig>;
}

async function ensureStream(
  manager: JetStreamManager,
  wanted: Partial<StreamConfig> & { name: string },
): Promise<void> {
  const info = await manager.streams.info(wanted.name).catch(ifCode(JetStreamApiCodes.StreamNotFound));
  if (!info) await manager.streams.add(wanted);
  else if (differs(wanted, info.config)) await manager.streams.update(wanted.name, wanted);
}

async function ensureConsumer(
  manager: JetStreamManager,
  stream: string,
  wanted: Partial<ConsumerConfig> & { durable_name: string },
): Promise<void> {
  const info = await manager.consumers
    .info(stream, wanted.durable_name)
    .catch(ifCode(JetStreamApiCodes.ConsumerNotFound));
  if (!info) await manager.consumers.add(stream, wanted);
  else if (differs(wanted, info.config)) await manager.consumers.update(stream, wanted.durable_name, wanted);
}

/** Only what we set counts: a server of another version may add fields. */
function differs(wanted: object, present: object): boolean {
  const now = new Map(Object.entries(present));
  return Object.entries(wanted).some(([key, value]) => JSON.stringify(value) !== JSON.stringify(now.get(key)));
}

function ifCode(code: number): (error: unknown) => undefined {
  return (error) => {
    if (!(error instanceof JetStreamApiError && error.code === code)) throw error;
    return undefined;
  };
}
