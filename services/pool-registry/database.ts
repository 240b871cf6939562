// The database: PostgreSQL, in this process with its files in a folder (PGlite), or a server that several replicas share.
import { type SQL, sql } from 'drizzle-orm';
import type { AnyPgColumn, PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import { invalid } from '../shared/errors.ts';
import type { Exclusively } from './database/locks.ts';
import type * as schema from './schema.ts';

export type Database = PgDatabase<PgQueryResultHKT, typeof schema>;
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0];

export interface OpenDatabase {
  readonly db: Database;
  /** No other process can have it. */
  readonly alone: boolean;
  /** One replica at a time. */
  readonly exclusively: Exclusively;
  /** Throws UNAVAILABLE where the database does not answer. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

/**
 * @param url postgres://USER:PASSWORD@HOST:PORT/NAME; or pglite:FOLDER, or pglite: alone for one in memory
 * @param ownerUrl of the role that makes and changes the tables, where the other one may only use them
 */
export async function openDatabase(url: string, ownerUrl = url): Promise<OpenDatabase> {
  const [, scheme] = /^(pglite|postgres|postgresql):/.exec(url) ?? [];
  if (scheme === undefined) {
    // Not the value itself: it may hold a password.
    throw invalid('CPRAL_DATABASE_URL: expected postgres://... or pglite:FOLDER, got something else', {
      field: 'CPRAL_DATABASE_URL',
    });
  }
  // Each is loaded where it is used: a server needs no PostgreSQL in its own process.
  if (scheme === 'pglite') return (await import('./database/pglite.ts')).openPglite(url.slice('pglite:'.length));
  return (await import('./database/postgres.ts')).openPostgres(url, ownerUrl);
}

/** Orders text by its bytes, whatever the database's locale: ties between scores must not depend on it. */
export function bytewise(column: AnyPgColumn | SQL): SQL {
  return sql`${column} collate "C"`;
}
