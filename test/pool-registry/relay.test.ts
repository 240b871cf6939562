// What a turn of the relay tells, and what one slow or broken half of it must not do to the other.
import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Changes, type RegistryContext } from '../../services/pool-registry/context.ts';
import type { OpenDatabase } from '../../services/pool-registry/database.ts';
import { relayOutbox } from '../../services/pool-registry/relay.ts';
import { outbox } from '../../services/pool-registry/schema.ts';
import type { Bus } from '../../services/shared/bus/bus.ts';
import { memoryBus } from '../../services/shared/bus/memory-bus.ts';
import { openTestDatabase } from '../support/database.ts';
import { memoryObjectStore } from '../support/memory-object-store.ts';
import { silent } from '../support/silent.ts';

const SLOW_MS = 300;

let database: OpenDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

let nowMs: number;
beforeEach(() => {
  nowMs = 0;
});
afterEach(async () => {
  await database.db.delete(outbox);
});

function relayTo(bus: Partial<Bus>): () => Promise<number> {
  const clock = { now: () => nowMs, sleep: async () => {} };
  const context: RegistryContext = {
    ...{ db: database.db, objects: memoryObjectStore(), log: silent, clock, changes: new Changes(clock), leaseMs: 1 },
    bus: { ...memoryBus(), ...bus },
  };
  return () => relayOutbox(context);
}

const tell = (count: number, createTime = new Date()) =>
  database.db.insert(outbox).values(
    Array.from({ length: count }, (_, i) => ({
      ...{ eventType: 'cpral.model.trained', subject: `model-${i}`, data: {}, createTime },
    })),
  );

describe('events on a slow bus', () => {
  it('are each told once: a turn ends before its transaction would be ended', async () => {
    await tell(100);
    const told: string[] = [];
    const relay = relayTo({
      async publishEvent({ subject }) {
        nowMs += SLOW_MS;
        told.push(subject);
      },
    });
    const turns: number[] = [];
    for (let left = 100; left > 0; left -= turns.at(-1)!) {
      const start = nowMs;
      turns.push(await relay());
      expect(nowMs - start).toBeLessThanOrEqual(10_000 + SLOW_MS);
    }
    expect(turns).toEqual([34, 34, 32]);
    expect(told).toEqual(Array.from({ length: 100 }, (_, i) => `model-${i}`));
  });
});

describe('an event that cannot be told', () => {
  it('keeps no work from being published, and takes back none that was told', async () => {
    await tell(3);
    await database.db.insert(outbox).values({ workKind: 'rate', itemId: 'one/0/3/0' });
    const work: string[] = [];
    const told: string[] = [];
    const relay = relayTo({
      async publishEvent({ subject }) {
        if (subject === 'model-1') throw new TypeError('no event at all');
        told.push(subject);
      },
      publishWork: async (_, { itemId }) => void work.push(itemId),
    });
    expect(await relay()).toBe(2);
    expect(await relay()).toBe(0);
    expect(told).toEqual(['model-0']);
    expect(work).toEqual(['one/0/3/0']);
  });

  it('keeps no work from being published where the database fails it', async () => {
    await tell(1);
    await database.db.insert(outbox).values({ workKind: 'rate', itemId: 'one/0/3/0' });
    await database.db.execute(sql`
      create function refuse() returns trigger language plpgsql as $$ begin raise 'events are stuck'; end $$`);
    await database.db.execute(sql`
      create trigger stuck before delete on outbox for each row when (old.event_type is not null) execute function refuse()`);
    try {
      const work: string[] = [];
      const relay = relayTo({ publishWork: async (_, { itemId }) => void work.push(itemId) });
      await expect(relay()).rejects.toThrow();
      expect(work).toEqual(['one/0/3/0']);
    } finally {
      await database.db.execute(sql`drop function refuse cascade`);
    }
  });
});

describe('the id of an event', () => {
  const idsOf = async (bus: Partial<Bus> = {}) => {
    const ids: string[] = [];
    await relayTo({ publishEvent: async ({ id }) => void ids.push(id), ...bus })();
    return ids;
  };

  it('is another one in a database that counts from the start again', async () => {
    await database.db.execute(sql`alter sequence outbox_id_seq restart`);
    await tell(2, new Date('2026-01-01'));
    const before = await idsOf();
    await database.db.execute(sql`alter sequence outbox_id_seq restart`);
    await tell(2, new Date('2026-01-02'));
    const after = await idsOf();
    expect(new Set([...before, ...after]).size).toBe(4);
  });

  it('is the same where the event is told again', async () => {
    await tell(1);
    const first: string[] = [];
    const unanswered: Bus['publishEvent'] = async ({ id }) => {
      first.push(id);
      throw new Error('the bus went away');
    };
    await idsOf({ publishEvent: unanswered });
    expect(await idsOf()).toEqual(first);
  });
});
