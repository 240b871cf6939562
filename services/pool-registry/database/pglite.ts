// PGlite: PostgreSQL compiled to run in this process. One connection, one process.
import { mkdir } from 'node:fs/promises';
import { PGlite } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import type { OpenDatabase } from '../database.ts';
import * as schema from '../schema.ts';
import { MIGRATIONS } from './migrations.ts';

/**
 * @param folder empty for a database in memory
 * @param files of another database, which a new one begins with
 */
export async function openPglite(folder: string, files?: Blob): Promise<OpenDatabase> {
  if (folder) await mkdir(folder, { recursive: true });
  const client = await PGlite.create({ dataDir: folder || 'memory://', ...(files && { loadDataDir: files }) });
  const db = drizzle({ client, schema });
  await migrate(db, { migrationsFolder: MIGRATIONS });
  return {
    db,
    alone: true,
    exclusively: (_, turn) => turn(),
    async ready() {
      await client.query('select 1');
    },
    close: () => client.close(),
  };
}
