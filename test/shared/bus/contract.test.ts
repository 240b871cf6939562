// What every bus does, on the one in memory and on a real NATS server.
import { setImmediate } from 'node:timers/promises';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Bus, BusEvent, Delivery, Outcome, Subscription } from '../../../services/shared/bus/bus.ts';
import { memoryBus } from '../../../services/shared/bus/memory-bus.ts';
import { connectedBus, startTestNats } from '../../support/nats.ts';

const MAX_MESSAGES = 3;
const timeout = 20_000;
const FORGET: Outcome = { action: 'forget' };

let nats: Awaited<ReturnType<typeof startTestNats>>;
beforeAll(async () => {
  nats = await startTestNats();
});
afterAll(() => nats.close());

/** Each test has streams of its own: the server's are deleted, and the bus makes them again. */
async function emptyNatsBus(): Promise<Bus> {
  const connection = await connect({ servers: nats.url });
  const manager = await jetstreamManager(connection);
  for await (const stream of manager.streams.list()) await manager.streams.delete(stream.config.name);
  await connection.close();
  return connectedBus(nats.url, MAX_MESSAGES);
}

const BUSES: [string, () => Promise<Bus>][] = [
  ['memory', async () => memoryBus({ maxMessages: MAX_MESSAGES })],
  ['NATS', emptyNatsBus],
];

describe.each(BUSES)('the bus in %s', (_, open) => {
  let bus: Bus;
  let consumers: Subscription[];
  beforeEach(async () => {
    bus = await open();
    consumers = [];
  });
  afterEach(async () => {
    await Promise.all(consumers.map((consumer) => consumer.close()));
    await bus.close();
  });

  function consume(handler: (delivery: Delivery) => Promise<Outcome>): Subscription {
    const consumer = bus.consumeWork('rate', handler);
    consumers.push(consumer);
    return consumer;
  }

  it('hands an item to the worker that is still there, when one that waited longer is gone', async () => {
    const taken: string[] = [];
    const gone = consume(async () => FORGET);
    const other = consume(async ({ itemId }) => {
      taken.push(itemId);
      return FORGET;
    });
    // Until both wait.
    await setImmediate();
    await gone.close();
    await bus.publishWork('rate', { itemId: 'campaign/0/3/1' });
    await expect.poll(() => taken, { timeout }).toContain('campaign/0/3/1');
    await other.close();
  });

  it('hands each item to one worker, with the trace that it came with', async () => {
    const taken: (string | undefined)[][] = [];
    const handler = async ({ itemId, traceparent }: Delivery) => {
      taken.push([itemId, traceparent]);
      return FORGET;
    };
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    await bus.publishWork('rate', { itemId: 'campaign/0/3/0', traceparent });
    await bus.publishWork('rate', { itemId: 'campaign/0/3/1' });
    consume(handler);
    consume(handler);
    await expect.poll(() => taken.length, { timeout }).toBe(2);
    expect(taken.toSorted()).toEqual([
      ['campaign/0/3/0', traceparent],
      ['campaign/0/3/1', undefined],
    ]);
  });

  it('hands nothing of one kind to workers of another', async () => {
    const taken: string[] = [];
    await bus.publishWork('train', { itemId: 'training' });
    await bus.publishWork('rate', { itemId: 'rating' });
    consume(async ({ itemId }) => {
      taken.push(itemId);
      return FORGET;
    });
    await expect.poll(() => taken, { timeout }).toEqual(['rating']);
  });

  it('takes an item that waits or is being worked on once, and again when it was dealt with', async () => {
    const taken: string[] = [];
    const gate = Promise.withResolvers<void>();
    await bus.publishWork('rate', { itemId: 'item' });
    await bus.publishWork('rate', { itemId: 'item' });
    consume(async ({ itemId }) => {
      taken.push(itemId);
      await gate.promise;
      return FORGET;
    });
    await expect.poll(() => taken, { timeout }).toEqual(['item']);
    await bus.publishWork('rate', { itemId: 'item' });
    gate.resolve();
    await bus.publishWork('rate', { itemId: 'other' });
    await expect.poll(() => taken, { timeout }).toEqual(['item', 'other']);
    await expect
      .poll(
        async () => {
          await bus.publishWork('rate', { itemId: 'item' });
          // It may be dealt with and taken again before anybody looks.
          return taken.slice(0, 3);
        },
        { timeout },
      )
      .toEqual(['item', 'other', 'item']);
  });

  it('hands an item out again after the time that was asked for, not before', async () => {
    const afterMs = 300;
    const times: number[] = [];
    await bus.publishWork('rate', { itemId: 'item' });
    consume(async () => {
      times.push(performance.now());
      return times.length === 1 ? { action: 'retry', afterMs } : FORGET;
    });
    await expect.poll(() => times.length, { timeout }).toBe(2);
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(afterMs);
  });

  it('never hands an item out again that was refused', async () => {
    const taken: string[] = [];
    await bus.publishWork('rate', { itemId: 'poison' });
    consume(async ({ itemId }) => {
      taken.push(itemId);
      return { action: 'refuse', cause: 'it is poison' };
    });
    await expect.poll(() => taken, { timeout }).toEqual(['poison']);
    await bus.publishWork('rate', { itemId: 'next' });
    await expect.poll(() => taken, { timeout }).toEqual(['poison', 'next']);
  });

  it('refuses more than it may hold, says when to try again, and loses nothing that it took', async () => {
    for (let i = 0; i < MAX_MESSAGES; i++) {
      expect(await bus.hasRoom()).toBe(true);
      await bus.publishWork('rate', { itemId: `item-${i}` });
    }
    await expect(bus.publishWork('rate', { itemId: 'one-too-many' })).rejects.toMatchObject({
      code: 'RESOURCE_EXHAUSTED',
      reason: 'QUEUE_FULL',
      retryAfterMs: 5_000,
    });
    expect(await bus.hasRoom()).toBe(false);
    const taken: string[] = [];
    consume(async ({ itemId }) => {
      taken.push(itemId);
      return FORGET;
    });
    await expect.poll(() => taken, { timeout }).toEqual(['item-0', 'item-1', 'item-2']);
  });

  it('ends a consumer when the item in its hands is finished, and gives it no other', async () => {
    const gate = Promise.withResolvers<void>();
    const taken: string[] = [];
    await bus.publishWork('rate', { itemId: 'first' });
    await bus.publishWork('rate', { itemId: 'second' });
    const consumer = consume(async ({ itemId }) => {
      taken.push(itemId);
      await gate.promise;
      return FORGET;
    });
    await expect.poll(() => taken, { timeout }).toEqual(['first']);
    const closed = consumer.close();
    gate.resolve();
    await closed;
    expect(taken).toEqual(['first']);
    consume(async ({ itemId }) => {
      taken.push(itemId);
      return FORGET;
    });
    await expect.poll(() => taken, { timeout }).toEqual(['first', 'second']);
  });

  it('tells subscribers of events in order, with all that they carry', async () => {
    const heard: BusEvent[] = [];
    const subscription = await bus.subscribe((event) => heard.push(event));
    const events = ['one', 'two "and" ü'].map((subject, i) => ({
      id: `${i}`,
      type: 'cpral.campaign.changed',
      subject,
      time: new Date('2026-11-24T10:00:00.000Z'),
      traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
      data: { campaignId: subject },
    }));
    for (const event of events) await bus.publishEvent(event);
    await expect.poll(() => heard, { timeout }).toEqual(events);
    await subscription.close();
    await bus.publishEvent({ ...events[0]!, id: 'later' });
    expect(heard).toHaveLength(2);
  });

  it('answers a check', async () => {
    await expect(bus.check()).resolves.toBeUndefined();
  });
});
