// PostgreSQL in memory behind connections that fail. Transactions of all processes come one after the other, in any order: PGlite has
// one connection. One that a crash leaves open is rolled back, as PostgreSQL does when a connection breaks.
import { PGlite, type QueryOptions, type Results, types } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import type { Exclusively } from '../../services/pool-registry/database/locks.ts';
import type { Database } from '../../services/pool-registry/database.ts';
import * as schema from '../../services/pool-registry/schema.ts';
import { pgliteTemplate } from '../support/pglite-template.ts';
import { type PipelinedClient, pipelinedClient } from './pipelined-client.ts';
import { rememberingClient } from './remembering-client.ts';
import type { Process, Scheduler } from './scheduler.ts';

/** As Drizzle asks for them in every query: here once, because merging parsers is what takes a small query's time. */
const TIMES_AS_TEXT = Object.fromEntries(
  [types.TIMESTAMP, types.TIMESTAMPTZ].map((type) => [type, (text: string) => text]),
);

/** PostgreSQL's own clock stands still; this one is the scheduler's, in queries and in the tables' defaults alike. */
const VIRTUAL_NOW = `
  create function public.now() returns timestamptz stable language sql
    as $$ select current_setting('simulation.now')::timestamptz $$;`;
const USE_IT = `
  set search_path = public, pg_catalog;
  set simulation.now = '2026-01-01';`;

/** Quick, but what is deleted stays in the files, and every scan reads it: now and then they are cut. */
const DELETE = [
  'delete from campaigns',
  'delete from requests',
  'delete from outbox',
  'alter sequence outbox_id_seq restart',
];
const TRUNCATE = ['truncate campaigns, requests, outbox restart identity cascade'];
const SEEDS_PER_TRUNCATE = 10;

/** Creating one takes seconds: a test process has one, and empties it between two seeds. */
export async function openMemoryDatabase() {
  const loadDataDir = await pgliteTemplate(VIRTUAL_NOW + USE_IT);
  const pglite = await PGlite.create({ loadDataDir, relaxedDurability: true, parsers: TIMES_AS_TEXT });
  await pglite.exec(USE_IT);
  const db: Database = drizzle({ client: pglite, schema });
  const client = pipelinedClient(pglite);
  let emptied = 0;
  const empty = () => {
    const statements = ++emptied % SEEDS_PER_TRUNCATE === 0 ? TRUNCATE : DELETE;
    return client.askAll(statements.map((sql) => ({ sql })));
  };
  return { client, db, empty, close: () => pglite.close() };
}

/** Changes nothing that a promise is about, and happens all the time. */
const RENEWS_A_LEASE = /^update "work_items" set "lease_expire_time"/;

export interface SimulatedDatabase {
  connect(process: Process): Database;
  /** The advisory locks of PostgreSQL: freed however their holder ends. */
  exclusively(process: Process): Exclusively;
  /** The tables that were written, as committed, since the last call. */
  takeChanged(): ReadonlySet<string>;
  /** Rolls back what is open. */
  close(): void;
}

interface Transaction {
  state: 'new' | 'begun' | 'over';
  readonly wrote: Set<string>;
}

export function simulatedDatabase(scheduler: Scheduler, client: PipelinedClient): SimulatedDatabase {
  let open: Transaction | undefined;
  const waiting: (() => void)[] = [];
  let changed = new Set<string>();
  const holders = new Map<string, Process>();
  const { run, forget } = rememberingClient(client, () => scheduler.now);

  const release = () => {
    open = undefined;
    for (const wake of waiting.splice(0)) scheduler.at(scheduler.soonMs(), wake);
  };
  const untilFree = async () => {
    while (open) await new Promise<void>((resolve) => waiting.push(resolve));
  };
  const end = (transaction: Transaction, how: 'commit' | 'rollback') => {
    if (transaction.state === 'over') return;
    if (transaction.state === 'begun') client.ahead(how);
    if (how === 'rollback') forget(transaction.wrote);
    else for (const table of transaction.wrote) changed.add(table);
    transaction.state = 'over';
    release();
  };

  const queryOf = (process: Process, transaction: Transaction | undefined) => {
    return async (sql: string, params: unknown[] = [], options?: QueryOptions): Promise<Results> => {
      const what = nameOf(sql);
      const effect = async () => {
        if (transaction?.state === 'over') throw lost();
        if (scheduler.strikes('queryFails')) {
          scheduler.note(process.name, `LOSES its connection before ${what}`);
          if (transaction) end(transaction, 'rollback');
          throw lost();
        }
        const question = { sql, params, rowMode: options?.rowMode };
        const { results, wrote } = await run(question, () => {
          if (transaction?.state !== 'new') return;
          transaction.state = 'begun';
          client.ahead('begin');
        });
        if (wrote && !RENEWS_A_LEASE.test(sql)) (transaction?.wrote ?? changed).add(wrote);
        return results;
      };
      if (transaction) return scheduler.perform(process, what, effect);
      for (;;) {
        await untilFree();
        const results = await scheduler.perform(process, what, async () => (open ? undefined : effect()));
        if (results) return results;
      }
    };
  };

  return {
    close: () => open && end(open, 'rollback'),
    takeChanged() {
      const was = changed;
      changed = new Set();
      return was;
    },
    exclusively: (process) => async (name, turn) => {
      const taken = await scheduler.perform(process, `locks ${name}`, () => {
        if (holders.get(name)?.alive) return false;
        holders.set(name, process);
        return true;
      });
      if (!taken) return undefined;
      try {
        return await turn();
      } finally {
        holders.delete(name);
      }
    },
    connect(process) {
      let held: Transaction | undefined;
      // Nobody else touches the connection before this has run: the transaction holds it.
      process.onCrash(() => held && scheduler.at(0, () => end(held!, 'rollback')));
      const begin = async (): Promise<Transaction> => {
        for (;;) {
          await untilFree();
          const begun = await scheduler.perform(process, 'begin', () => {
            if (open) return undefined;
            held = open = { state: 'new', wrote: new Set() };
            return held;
          });
          if (begun) return begun;
        }
      };
      const commit = (transaction: Transaction) => {
        if (transaction.state === 'over') throw lost();
        end(transaction, 'commit');
        if (!scheduler.strikes('commitUnanswered')) return;
        scheduler.note(process.name, 'LOSES its connection after the commit');
        throw lost();
      };
      const connection = {
        query: queryOf(process, undefined),
        async transaction<T>(body: (inside: unknown) => Promise<T>): Promise<T> {
          const transaction = await begin();
          try {
            const result = await body({ query: queryOf(process, transaction) });
            await scheduler.perform(process, 'commit', () => commit(transaction));
            return result;
          } catch (error) {
            if (transaction.state !== 'over')
              await scheduler.perform(process, 'rollback', () => end(transaction, 'rollback'));
            throw error;
          }
        },
      };
      return drizzle({ client: connection as unknown as PGlite, schema });
    },
  };
}

const lost = () => new Error('Connection terminated unexpectedly');

const names = new Map<string, string>();

function nameOf(sql: string): string {
  const known = names.get(sql);
  if (known) return known;
  const [verb = 'query'] = sql.trim().split(/\s/, 1);
  const [, table = ''] = /(?:from|into|update)\s+"?(\w+)"?/i.exec(sql) ?? [];
  const name = `${verb} ${table}`;
  names.set(sql, name);
  return name;
}
