// What only a server can do to a bus: lose streams and consumers, go away, come back.
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bus, MAX_WAITING_MESSAGES } from '../../../services/shared/bus/bus.ts';
import { natsBus } from '../../../services/shared/bus/nats/nats-bus.ts';
import { readNatsUrl } from '../../../services/shared/bus/nats/nats-url.ts';
import { EVENT_STREAM, WORK_STREAM } from '../../../services/shared/bus/nats/topology.ts';
import { logLines } from '../../support/log-lines.ts';
import { connectedBus, startTestNats } from '../../support/nats.ts';
import { silent } from '../../support/silent.ts';

const timeout = 40_000;
const event = { id: '7', type: 'cpral.campaign.changed', subject: 'one', time: new Date(0), data: { state: 1 } };

let nats: Awaited<ReturnType<typeof startTestNats>>;
let connection: NatsConnection;
let bus: Bus;
beforeEach(async () => {
  nats = await startTestNats();
  bus = await connectedBus(nats.url);
  connection = await connect({ servers: nats.url, maxReconnectAttempts: -1 });
});
afterEach(async () => {
  await bus.close();
  await connection.close();
  await nats.close();
});

describe('the NATS bus', () => {
  it('makes its streams again where they were deleted, and goes on handing out work', async () => {
    const taken: string[] = [];
    const consumer = bus.consumeWork('rate', async ({ itemId }) => {
      taken.push(itemId);
      return { action: 'forget' };
    });
    await bus.publishWork('rate', { itemId: 'before' });
    await expect.poll(() => taken, { timeout }).toEqual(['before']);
    const manager = await jetstreamManager(connection);
    for (const stream of [WORK_STREAM, EVENT_STREAM]) await manager.streams.delete(stream);
    await bus.publishWork('rate', { itemId: 'after' });
    await expect.poll(() => taken, { timeout }).toEqual(['before', 'after']);
    await bus.publishEvent(event);
    expect((await manager.streams.info(EVENT_STREAM)).state.messages).toBe(1);
    await consumer.close();
  });

  it('takes an item again that was lost with its stream, however soon', async () => {
    const manager = await jetstreamManager(connection);
    await bus.publishWork('rate', { itemId: 'item' });
    await manager.streams.delete(WORK_STREAM);
    await bus.publishWork('rate', { itemId: 'item' });
    expect((await manager.streams.info(WORK_STREAM)).state.messages).toBe(1);
  });

  it('hands out work to a consumer that looked for its stream while the server was away', async () => {
    await bus.close();
    const { log, lines } = logLines('test');
    bus = natsBus({ ...readNatsUrl(nats.url), log });
    const isReady = () =>
      bus.check().then(
        () => true,
        () => false,
      );
    await expect.poll(isReady, { timeout }).toBe(true);
    await nats.server.stop();
    await expect.poll(isReady, { timeout }).toBe(false);
    const taken: string[] = [];
    const consumer = bus.consumeWork('rate', async ({ itemId }) => {
      taken.push(itemId);
      return { action: 'forget' };
    });
    const failedTurns = () => lines.filter(({ msg }) => `${msg}`.includes('pulling work failed')).length;
    await expect.poll(failedTurns, { timeout }).toBeGreaterThan(0);
    await nats.server.start();
    await expect.poll(isReady, { timeout }).toBe(true);
    await bus.publishWork('rate', { itemId: 'item' });
    await expect.poll(() => taken, { timeout }).toEqual(['item']);
    await consumer.close();
  });

  it('hands the item of a silent worker to another one, and bears an acknowledgement that comes late', async () => {
    await bus.close();
    bus = natsBus({ ...readNatsUrl(nats.url), ackWaitMs: 1_000, log: silent });
    const woken = Promise.withResolvers<void>();
    const taken: string[] = [];
    const consumers = [1, 2].map(() =>
      bus.consumeWork('rate', async ({ itemId }) => {
        taken.push(itemId);
        if (taken.length === 1) await woken.promise;
        if (taken.length === 2) woken.resolve();
        return { action: 'forget' };
      }),
    );
    await expect
      .poll(
        () =>
          bus.publishWork('rate', { itemId: 'a' }).then(
            () => true,
            () => false,
          ),
        { timeout },
      )
      .toBe(true);
    await expect.poll(() => taken, { timeout }).toEqual(['a', 'a']);
    await bus.publishWork('rate', { itemId: 'b' });
    await expect.poll(() => taken, { timeout }).toEqual(['a', 'a', 'b']);
    await Promise.all(consumers.map((consumer) => consumer.close()));
    const manager = await jetstreamManager(connection);
    expect((await manager.streams.info(WORK_STREAM)).state.messages).toBe(0);
  });

  it('makes its consumer again where it was deleted', async () => {
    const taken: string[] = [];
    const consumer = bus.consumeWork('rate', async ({ itemId }) => {
      taken.push(itemId);
      return { action: 'forget' };
    });
    await bus.publishWork('rate', { itemId: 'before' });
    await expect.poll(() => taken, { timeout }).toEqual(['before']);
    await (await jetstreamManager(connection)).consumers.delete(WORK_STREAM, 'worker-rate');
    await bus.publishWork('rate', { itemId: 'after' });
    await expect.poll(() => taken, { timeout }).toEqual(['before', 'after']);
    await consumer.close();
  });

  it('changes a stream that was made with other limits', async () => {
    const manager = await jetstreamManager(connection);
    expect((await manager.streams.info(WORK_STREAM)).config.max_msgs).toBe(MAX_WAITING_MESSAGES);
    const other = natsBus({ ...readNatsUrl(nats.url), log: silent, maxMessages: 5 });
    const limit = async () => (await manager.streams.info(WORK_STREAM)).config.max_msgs;
    await expect.poll(limit, { timeout }).toBe(5);
    await other.close();
  });

  it('is not ready while the server is away, refuses at once, and goes on when it is back', async () => {
    const taken: string[] = [];
    const consumer = bus.consumeWork('rate', async ({ itemId }) => {
      taken.push(itemId);
      return { action: 'forget' };
    });
    await nats.server.stop();
    await expect.poll(() => bus.check().catch((error) => error.code), { timeout }).toBe('UNAVAILABLE');
    await expect(bus.publishWork('rate', { itemId: 'item' })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await bus.hasRoom()).toBe(true);
    await nats.server.start();
    await expect
      .poll(
        () =>
          bus.check().then(
            () => 'ready',
            () => 'not ready',
          ),
        { timeout },
      )
      .toBe('ready');
    await bus.publishWork('rate', { itemId: 'item' });
    await expect.poll(() => taken, { timeout }).toEqual(['item']);
    await consumer.close();
  });

  it('keeps an event once, however often the relay publishes it', async () => {
    await bus.publishEvent(event);
    await bus.publishEvent(event);
    const { state } = await (await jetstreamManager(connection)).streams.info(EVENT_STREAM, {
      subjects_filter: '>',
    });
    expect(state.subjects).toMatchObject({ 'cpral.events.cpral.campaign.changed': 1 });
  });

  it('publishes a CloudEvent in binary mode', async () => {
    const received = Promise.withResolvers<{ headers: Record<string, string>; data: unknown }>();
    const subscription = connection.subscribe('cpral.events.>', {
      callback: (_, message) => {
        const headers = Object.fromEntries(
          (message.headers?.keys() ?? []).map((key) => [key, message.headers!.get(key)]),
        );
        received.resolve({ headers, data: message.json() });
      },
    });
    await connection.flush();
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    await bus.publishEvent({ ...event, traceparent });
    const { headers, data } = await received.promise;
    expect(headers).toMatchObject({
      'ce-specversion': '1.0',
      'ce-id': '7',
      'ce-source': '/cpral/pool-registry',
      'ce-type': 'cpral.campaign.changed',
      'ce-subject': 'one',
      'ce-time': '1970-01-01T00:00:00.000Z',
      'content-type': 'application/json',
      'Nats-Msg-Id': '7',
      traceparent,
    });
    expect(data).toEqual({ state: 1 });
    subscription.unsubscribe();
  });

  it('ends while it has never been connected', async () => {
    const lonely = natsBus({ ...readNatsUrl('nats://127.0.0.1:1'), log: silent });
    const consumer = lonely.consumeWork('rate', async () => ({ action: 'forget' }));
    await expect(lonely.check()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await consumer.close();
    await lonely.close();
  });
});
