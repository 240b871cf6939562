// The database: PGlite, PostgreSQL in this process with its files in a folder. The SQL is PostgreSQL's.
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { type SQL, sql } from 'drizzle-orm';
import type { AnyPgColumn, PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import { invalid } from '../shared/errors.ts';
import * as schema from './schema.ts';

export type Database = PgDatabase<PgQueryResultHKT, typeof schema>;
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0];

export interface OpenDatabase {
  readonly db: Database;
  close(): Promise<void>;
}

const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url));

/** @param url pglite:FOLDER, or pglite: alone for one in memory */
export async function openDatabase(url: string): Promise<OpenDatabase> {
  const [, folder] = /^pglite:(.*)$/.exec(url) ?? [];
  if (folder === undefined)
    throw invalid(`CPRAL_DATABASE_URL: expected pglite:FOLDER, got "${url}"`, { field: 'CPRAL_DATABASE_URL' });
  if (folder) await mkdir(folder, { recursive: true });
  const client = await PGlite.create(folder || 'memory://');
  const db = drizzle({ client, schema });
  await migrate(db, { migrationsFolder: MIGRATIONS });
  return { db, close: () => client.close() };
}

/** Orders text by its bytes, whatever the database's locale: ties between scores must not depend on it. */
export function bytewise(column: AnyPgColumn | SQL): SQL {
  return sql`${column} collate "C"`;
}
