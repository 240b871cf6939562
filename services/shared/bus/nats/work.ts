// Work through JetStream: published once an item, pulled one at a time, kept by heartbeats, acknowledged after the commit.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Consumer, JetStreamApiError, type JsMsg } from '@nats-io/jetstream';
import { errors, headers } from '@nats-io/transport-node';
import { CpralError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Bus, Delivery, Outcome, WorkKind } from '../bus.ts';
import { queueFull } from '../queue-full.ts';
import type { Link } from './link.ts';
import { consumerName, itemOf, type Topology, WORK_STREAM, workSubject } from './topology.ts';

const PULL_EXPIRES_MS = 30_000;
/** Two missed in a row, and the consumer is looked up anew. */
const PULL_HEARTBEAT_MS = 5_000;
const HEARTBEATS_IN_ACK_WAIT = 6;
const ACK_TIMEOUT_MS = 5_000;
const TROUBLE_PAUSE_MS = 1_000;
/** Nobody hands the same message out in step with others: a share of the delay is random. */
const RETRY_JITTER = 0.5;
const STREAM_STORE_FAILED = 10_077;
const ITEM_ID = /^[^\s.*>]+$/;
const TRACE_HEADER = 'traceparent';

type Work = Pick<Bus, 'publishWork' | 'consumeWork' | 'hasRoom'>;

export function natsWork(link: Link, { maxWorkMessages, ackWaitMs }: Topology, log: Log): Work {
  return {
    async publishWork(kind, { itemId, traceparent }) {
      if (!ITEM_ID.test(itemId))
        throw new CpralError('INVALID_ARGUMENT', `item id "${itemId}" cannot be a NATS subject`);
      const carried = headers();
      if (traceparent) carried.set(TRACE_HEADER, traceparent);
      const payload = JSON.stringify({ itemId });
      try {
        await withStreams(link, () =>
          link.session().client.publish(workSubject(kind, itemId), payload, { headers: carried }),
        );
      } catch (error) {
        if (waitsAlready(error)) return;
        throw isStoreFull(error) ? queueFull(error) : error;
      }
    },

    consumeWork(kind, handler) {
      const stop = new AbortController();
      const heartbeatMs = ackWaitMs / HEARTBEATS_IN_ACK_WAIT;
      const done = pullLoop({ link, kind, handler, heartbeatMs, signal: stop.signal, log });
      return {
        async close() {
          stop.abort();
          await done;
        },
      };
    },

    async hasRoom() {
      try {
        const { state } = await link.session().manager.streams.info(WORK_STREAM);
        return state.messages < maxWorkMessages;
      } catch {
        return true;
      }
    },
  };
}

/** Tries once more with the streams made anew where there were none. Throws UNAVAILABLE where NATS does not answer. */
export async function withStreams<T>(link: Link, publish: () => Promise<T>): Promise<T> {
  try {
    return await publish().catch(async (error) => {
      if (!isWithoutStream(error)) throw error;
      await link.ensure();
      return await publish();
    });
  } catch (error) {
    if (error instanceof CpralError || isStoreFailure(error)) throw error;
    throw new CpralError('UNAVAILABLE', 'NATS cannot be reached', { cause: error });
  }
}

interface PullLoop {
  readonly link: Link;
  readonly kind: WorkKind;
  readonly handler: (delivery: Delivery) => Promise<Outcome>;
  readonly heartbeatMs: number;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** Ends with the signal alone: whatever happens to server, stream or consumer, it looks them up and goes on. */
async function pullLoop(loop: PullLoop): Promise<void> {
  const { link, kind, signal, log } = loop;
  while (!signal.aborted) {
    try {
      const session = await link.connected(signal);
      if (!session) return;
      const consumer = await session.client.consumers.get(WORK_STREAM, consumerName(kind));
      while (!signal.aborted) await pullOne(consumer, loop);
    } catch (error) {
      if (signal.aborted) return;
      log.warn({ kind, err: error }, 'NATS: pulling work failed, trying again');
      await sleep(TROUBLE_PAUSE_MS, undefined, { signal }).catch(() => {});
    }
  }
}

async function pullOne(consumer: Consumer, { kind, handler, heartbeatMs, signal, log }: PullLoop): Promise<void> {
  const pull = await consumer.fetch({
    max_messages: 1,
    expires: PULL_EXPIRES_MS,
    idle_heartbeat: PULL_HEARTBEAT_MS,
    bind: true,
  });
  const stop = () => void pull.close();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    for await (const message of pull) {
      if (signal.aborted) message.nak();
      else await settle(message, await handler(deliveryOf(kind, message, heartbeatMs)), log);
    }
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function deliveryOf(kind: WorkKind, message: JsMsg, heartbeatMs: number): Delivery {
  let last = Date.now();
  return {
    itemId: itemOf(kind, message.subject),
    traceparent: message.headers?.get(TRACE_HEADER) || undefined,
    working() {
      if (Date.now() - last < heartbeatMs) return;
      last = Date.now();
      message.working();
    },
  };
}

/** A message that could not be settled comes again, and its lease is refused then. */
async function settle(message: JsMsg, outcome: Outcome, log: Log): Promise<void> {
  if (outcome.action === 'refuse') message.term(outcome.cause);
  else if (outcome.action === 'retry') message.nak(Math.round(outcome.afterMs * (1 + RETRY_JITTER * Math.random())));
  else
    await message
      .ackAck({ timeout: ACK_TIMEOUT_MS })
      .catch((error) => log.warn({ subject: message.subject, err: error }, 'NATS: not acknowledged'));
}

function waitsAlready(error: unknown): boolean {
  return isStoreFailure(error) && error.message.includes('per subject');
}

function isStoreFull(error: unknown): boolean {
  return isStoreFailure(error) && /maximum (messages|bytes) exceeded/.test(error.message);
}

function isStoreFailure(error: unknown): error is JetStreamApiError {
  return error instanceof JetStreamApiError && error.code === STREAM_STORE_FAILED;
}

/** Nobody listens on the subject of a stream that is gone; the client wraps that more than once. */
function isWithoutStream(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error instanceof errors.NoRespondersError || isWithoutStream(error.cause);
}
