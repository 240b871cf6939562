// A PostgreSQL server, shared with other replicas: a bounded pool, limits on everything that could wait for ever, and migrations by
// one replica at a time.
import { setTimeout as sleep } from 'node:timers/promises';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import { CpralError, invalid } from '../../shared/errors.ts';
import type { Database, OpenDatabase } from '../database.ts';
import * as schema from '../schema.ts';
import { isDisconnection, translated } from './failures.ts';
import { type Exclusively, LOCK_NAMESPACE, LOCKS } from './locks.ts';
import { MIGRATIONS } from './migrations.ts';
import { transact } from './transactions.ts';

const MAX_CONNECTIONS = 10;
const CONNECT_LIMIT_MS = 5_000;
const STATEMENT_LIMIT_MS = 60_000;
/** Beyond the server's own limit: for a server that does not answer at all. */
const QUERY_LIMIT_MS = STATEMENT_LIMIT_MS + 5_000;
const LOCK_LIMIT_MS = 10_000;
/** A replica that froze in a transaction keeps its locks no longer than this. */
const IDLE_IN_TRANSACTION_LIMIT_MS = 30_000;
/** How long a start waits for the server, and for another replica's migration. */
const START_LIMIT_MS = 60_000;
const START_POLL_MS = 500;
const READY_LIMIT_MS = 3_000;

export async function openPostgres(url: string, ownerUrl: string): Promise<OpenDatabase> {
  await migrateOnce(ownerUrl);
  const pool = new pg.Pool({
    connectionString: checked(url),
    application_name: 'cpral',
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_LIMIT_MS,
    statement_timeout: STATEMENT_LIMIT_MS,
    query_timeout: QUERY_LIMIT_MS,
    lock_timeout: LOCK_LIMIT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_LIMIT_MS,
    keepAlive: true,
  });
  // A connection that the server ended is replaced by the pool, and who was using it hears so from the query. Without listeners, to
  // idle ones here and to those in use there, it would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  const db: Database = drizzle({ client: pool, schema });
  db.transaction = (run, config) => transact(pool, run, config);
  return {
    db,
    alone: false,
    exclusively: advisoryLocks(pool),
    ready: () => answers(pool),
    close: () => pool.end(),
  };
}

function checked(url: string): string {
  if (URL.canParse(url)) return url;
  throw invalid('CPRAL_DATABASE_URL: expected postgres://USER:PASSWORD@HOST:PORT/NAME, got something else', {
    field: 'CPRAL_DATABASE_URL',
  });
}

/** Replicas that start together wait for the one that migrates, and then find nothing to do. */
async function migrateOnce(url: string): Promise<void> {
  const client = await connectPatiently(url);
  try {
    await client.query(`set lock_timeout = ${START_LIMIT_MS}`);
    await client.query('select pg_advisory_lock($1, $2)', [LOCK_NAMESPACE, LOCKS.migrate]);
    await migrate(drizzle({ client }), { migrationsFolder: MIGRATIONS });
  } catch (error) {
    throw translated(error);
  } finally {
    await client.end();
  }
}

/** Servers that start together come up in any order. */
async function connectPatiently(url: string): Promise<pg.Client> {
  const end = Date.now() + START_LIMIT_MS;
  for (;;) {
    const client = new pg.Client({ connectionString: checked(url), connectionTimeoutMillis: CONNECT_LIMIT_MS });
    client.on('error', () => {});
    try {
      await client.connect();
      return client;
    } catch (error) {
      await client.end().catch(() => {});
      if (!isDisconnection(error)) throw refused(error);
      if (Date.now() > end) throw translated(error);
    }
    await sleep(START_POLL_MS);
  }
}

function refused(cause: unknown): CpralError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new CpralError('FAILED_PRECONDITION', `CPRAL_DATABASE_URL: the database refused the connection: ${why}`, {
    field: 'CPRAL_DATABASE_URL',
    cause,
  });
}

/** The lock is a transaction's, so that the limit on idle ones frees what a frozen or vanished replica holds. */
function advisoryLocks(pool: pg.Pool): Exclusively {
  return async (name, turn) => {
    const client = await pool.connect();
    let broken = true;
    try {
      await client.query('begin');
      const question = 'select pg_try_advisory_xact_lock($1, $2) as held';
      const { rows } = await client.query<{ held: boolean }>(question, [LOCK_NAMESPACE, LOCKS[name]]);
      const result = rows[0]?.held ? await turn() : undefined;
      await client.query('commit');
      broken = false;
      return result;
    } finally {
      // Ending the connection frees the lock where nothing else did.
      client.release(broken);
    }
  };
}

async function answers(pool: pg.Pool): Promise<void> {
  const question: pg.QueryConfig & { query_timeout: number } = { text: 'select 1', query_timeout: READY_LIMIT_MS };
  await pool.query(question).catch((error: unknown) => {
    throw translated(error);
  });
}
