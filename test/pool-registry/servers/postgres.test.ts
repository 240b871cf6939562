// What only a server does: several connections, several replicas, restarts.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { credentials } from '@grpc/grpc-js';
import { eq, sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startPostgres } from '../../../deploy/servers/postgres.ts';
import type { Server } from '../../../deploy/servers/server.ts';
import { PoolRegistryClient } from '../../../proto/gen/cpral/v1/pool_registry.ts';
import { findTwin, type WorkItemRow } from '../../../services/pool-registry/campaign/work-items.ts';
import {
  type Database,
  type OpenDatabase,
  openDatabase,
  type Transaction,
} from '../../../services/pool-registry/database.ts';
import { campaigns, datasets, workItems } from '../../../services/pool-registry/schema.ts';
import { createRegistry } from '../../../services/pool-registry/service.ts';
import { memoryBus } from '../../../services/shared/bus/memory-bus.ts';
import { call } from '../../../services/shared/grpc/client.ts';
import { startServer } from '../../../services/shared/grpc/server.ts';
import { createTestDatabase } from '../../support/database.ts';
import { memoryObjectStore } from '../../support/memory-object-store.ts';
import { silent } from '../../support/silent.ts';

const deadlineMs = 10_000;

/** Resolves for all when all have come. */
function meeting(count: number): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let come = 0;
  return () => {
    come++;
    if (come === count) resolve();
    return promise;
  };
}

const setRow = (tx: Transaction, id: number) => tx.execute(sql`update counters set value = value + 1 where id = ${id}`);

describe('replicas that start at once on an empty database', () => {
  it('migrate it once', async () => {
    const url = await createTestDatabase();
    const replicas = await Promise.all(Array.from({ length: 4 }, () => openDatabase(url)));
    try {
      for (const { db } of replicas) expect(await db.$count(campaigns)).toBe(0);
    } finally {
      await Promise.all(replicas.map((replica) => replica.close()));
    }
  });
});

describe('equal work that two workers ask for at once', () => {
  it('is found by the second, though the first has not committed its lease', async () => {
    const { db, close } = await openDatabase(await createTestDatabase());
    try {
      const item = await equalItems(db);
      const leased = Promise.withResolvers<void>();
      const commit = Promise.withResolvers<void>();
      const first = db.transaction(async (tx) => {
        const { itemId } = item('one');
        expect(await findTwin(tx, item('one'), 0)).toBeUndefined();
        const lease = { state: 'leased' as const, leaseExpireTime: new Date(1) };
        await tx.update(workItems).set(lease).where(eq(workItems.itemId, itemId));
        leased.resolve();
        await commit.promise;
      });
      await leased.promise;
      const second = db.transaction((tx) => findTwin(tx, item('two'), 0));
      await Promise.race([second, untilSomebodyWaits(db)]);
      commit.resolve();
      await first;
      expect(await second).toMatchObject({ itemId: item('one').itemId });
    } finally {
      await close();
    }
  });
});

/** One of each of two campaigns. */
async function equalItems(db: Database): Promise<(campaignId: string) => WorkItemRow> {
  const [dataset] = await db.insert(datasets).values({ displayName: 'Tiny', classMap: {} }).returning();
  const ids = ['one', 'two'];
  const common = { datasetKey: dataset!.key, config: {}, configDigest: '', state: 1, step: 1 };
  await db.insert(campaigns).values(ids.map((campaignId) => ({ campaignId, ...common })));
  const work = { cycle: 0, step: 1, kind: 'rate', spec: {}, specDigest: 'equal', state: 'open' as const };
  const items = await db
    .insert(workItems)
    .values(ids.map((campaignId) => ({ itemId: `${campaignId}/0/1/0`, campaignId, ...work })))
    .returning();
  return (campaignId) => items.find((each) => each.campaignId === campaignId)!;
}

async function untilSomebodyWaits(db: Database): Promise<void> {
  const here = sql`(select oid from pg_database where datname = current_database())`;
  for (;;) {
    const waiting = sql`select 1 from pg_locks where not granted and database = ${here}`;
    const { rows } = (await db.execute(waiting)) as { rows: unknown[] };
    if (rows.length > 0) return;
  }
}

describe('transactions', () => {
  let database: OpenDatabase;
  beforeEach(async () => {
    database = await openDatabase(await createTestDatabase());
    await database.db.execute(sql`create table counters (id int primary key, value int not null)`);
    await database.db.execute(sql`insert into counters values (1, 0), (2, 0)`);
  });
  afterEach(() => database.close());
  const values = async () => {
    const { rows } = (await database.db.execute(sql`select value from counters order by id`)) as { rows: unknown[] };
    return rows;
  };

  it('that wait for each other in a circle both commit, once each', async () => {
    const met = meeting(2);
    const both = (first: number, second: number) => {
      let attempts = 0;
      return database.db.transaction(async (tx) => {
        attempts++;
        await setRow(tx, first);
        if (attempts === 1) await met();
        await setRow(tx, second);
        return attempts;
      });
    };
    const attempts = await Promise.all([both(1, 2), both(2, 1)]);
    expect(attempts.toSorted()).toEqual([1, 2]);
    expect(await values()).toEqual([{ value: 2 }, { value: 2 }]);
  });

  it('whose connection breaks before the commit run again', async () => {
    let attempts = 0;
    await database.db.transaction(async (tx) => {
      attempts++;
      await setRow(tx, 1);
      if (attempts === 1) await tx.execute(sql`select pg_terminate_backend(pg_backend_pid())`);
    });
    expect(attempts).toBe(2);
    expect(await values()).toEqual([{ value: 1 }, { value: 0 }]);
  });

  it('that fail by themselves run once and change nothing', async () => {
    let attempts = 0;
    const failing = database.db.transaction(async (tx) => {
      attempts++;
      await setRow(tx, 1);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(attempts).toBe(1);
    expect(await values()).toEqual([{ value: 0 }, { value: 0 }]);
  });

  it('leave no connection behind, however often theirs break', async () => {
    for (let i = 0; i < 15; i++) {
      let attempts = 0;
      await database.db.transaction(async (tx) => {
        attempts++;
        if (attempts === 1) await tx.execute(sql`select pg_terminate_backend(pg_backend_pid())`);
      });
    }
    await database.ready();
  });
});

describe('a turn of which one replica at a time has', () => {
  it('is not begun by the second while the first has it, and can be begun afterwards', async () => {
    const url = await createTestDatabase();
    const [one, two] = await Promise.all([openDatabase(url), openDatabase(url)]);
    try {
      const during = await one.exclusively('relay', async () => ({
        same: await two.exclusively('relay', async () => 'begun'),
        other: await two.exclusively('reconcile', async () => 'begun'),
      }));
      expect(during).toEqual({ same: undefined, other: 'begun' });
      expect(await two.exclusively('relay', async () => 'begun')).toBe('begun');
    } finally {
      await Promise.all([one.close(), two.close()]);
    }
  });

  it('is free for the second where the connection of the first ends', async () => {
    const url = await createTestDatabase();
    const [one, two] = await Promise.all([openDatabase(url), openDatabase(url)]);
    try {
      const cutOff = one.exclusively('relay', async () => {
        await two.db.execute(
          sql`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`,
        );
        await expect.poll(() => two.exclusively('relay', async () => 'begun')).toBe('begun');
      });
      await expect(cutOff).rejects.toThrow(/terminat|not queryable/);
    } finally {
      await Promise.all([one.close(), two.close()]);
    }
  });

  it('is free again when it failed', async () => {
    const database = await openDatabase(await createTestDatabase());
    try {
      await expect(database.exclusively('relay', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
      await expect.poll(() => database.exclusively('relay', async () => 'begun')).toBe('begun');
    } finally {
      await database.close();
    }
  });
});

describe('the URL of a database', () => {
  it.each(['mysql://me:hidden@host/db', 'postgres://me:hidden@:not-a-port/db'])(
    'is refused without repeating its password: %s',
    async (url) => {
      const error: Error = await openDatabase(url).then(Promise.reject, (cause) => cause);
      expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', field: 'CPRAL_DATABASE_URL' });
      expect(error.message).not.toContain('hidden');
    },
  );

  it('with a wrong password is refused at once', async () => {
    const url = new URL(await createTestDatabase());
    url.password = 'wrong-one';
    const error: Error = await openDatabase(url.href).then(Promise.reject, (cause) => cause);
    expect(error).toMatchObject({ code: 'FAILED_PRECONDITION', field: 'CPRAL_DATABASE_URL' });
    expect(error.message).not.toContain('wrong-one');
  });
});

describe('while the database is away', () => {
  let folder: string;
  let postgres: Server;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'cpral-postgres-'));
    postgres = await startPostgres({ folder, say: () => {}, durable: true });
  });
  afterAll(async () => {
    await postgres.stop();
    await rm(folder, { recursive: true });
  });

  it('the registry answers UNAVAILABLE, and serves again after its restart', async () => {
    const { db, alone, exclusively, ready, close } = await openDatabase(postgres.url);
    const ports = { db, alone, exclusively, objects: memoryObjectStore(), bus: memoryBus(), log: silent };
    const registry = await createRegistry(ports);
    const server = await startServer('127.0.0.1:0', registry.services);
    const client = new PoolRegistryClient(server.address, credentials.createInsecure());
    const list = () => call(client.listDatasets.bind(client), { pageSize: 0, pageToken: '' }, { deadlineMs });
    try {
      expect((await list()).datasets).toEqual([]);
      await postgres.kill();
      await expect(list()).rejects.toMatchObject({ code: 'UNAVAILABLE', reason: 'DATABASE_UNAVAILABLE' });
      await expect(ready()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      await postgres.start();
      await ready();
      expect((await list()).datasets).toEqual([]);
    } finally {
      client.close();
      await server.close();
      await registry.close();
      await close();
    }
  });

  it('a service that starts waits for it', async () => {
    await postgres.stop();
    const opening = openDatabase(postgres.url);
    await postgres.start();
    await (await opening).close();
  });
});
