// A database of a test's own: on the run's PostgreSQL where there is one, else PGlite.
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import { openPglite } from '../../services/pool-registry/database/pglite.ts';
import { type OpenDatabase, openDatabase } from '../../services/pool-registry/database.ts';
import { pgliteTemplate } from './pglite-template.ts';

/** @param folder of an earlier database to go on with, or of one to go on with later */
export async function openTestDatabase(folder?: string): Promise<OpenDatabase> {
  if (!inject('servers')) return folder ? openDatabase(`pglite:${folder}`) : openPglite('', await pgliteTemplate());
  return openDatabase(folder ? await databaseOf(folder) : await createTestDatabase());
}

/** @returns the URL of an empty database on the run's PostgreSQL */
export async function createTestDatabase(): Promise<string> {
  const url = new URL(inject('servers')?.CPRAL_DATABASE_URL ?? '');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query(`create database ${name}`);
  } finally {
    await client.end();
  }
  url.pathname = `/${name}`;
  return url.href;
}

/** A folder stands for a database on the server, too: the file in it says which. */
async function databaseOf(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, 'url');
  const url = await readFile(file, 'utf8').catch(() => undefined);
  if (url) return url;
  const created = await createTestDatabase();
  await writeFile(file, created, { flag: 'wx' });
  return created;
}
