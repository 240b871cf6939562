// A PGlite with our tables, as a file that a test loads: creating one takes seconds each time. It is made where there is none yet for
// these tables, and kept beside the packages.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import { MIGRATIONS } from '../../services/pool-registry/database/migrations.ts';

const FOLDER = fileURLToPath(new URL('../../node_modules/.cache/cpral', import.meta.url));
const PACKAGE = fileURLToPath(new URL('../../node_modules/@electric-sql/pglite/package.json', import.meta.url));

/** @param before statements that go ahead of the tables */
export async function pgliteTemplate(before = ''): Promise<Blob> {
  const file = path.join(FOLDER, `pglite-${digestOfAll(before)}.tar`);
  try {
    return new Blob([readFileSync(file)]);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  const client = await PGlite.create('memory://');
  await client.exec(before);
  await migrate(drizzle({ client }), { migrationsFolder: MIGRATIONS });
  const files = Buffer.from(await (await client.dumpDataDir('none')).arrayBuffer());
  await client.close();
  mkdirSync(FOLDER, { recursive: true });
  // Whoever comes meanwhile finds all of it or nothing.
  writeFileSync(`${file}.${process.pid}`, files);
  renameSync(`${file}.${process.pid}`, file);
  return new Blob([files]);
}

/** Of what a database follows from: the program, the tables, and what goes ahead of them. */
function digestOfAll(before: string): string {
  const hash = createHash('sha256')
    .update(JSON.parse(readFileSync(PACKAGE, 'utf8')).version)
    .update(before);
  const files = readdirSync(MIGRATIONS, { recursive: true, encoding: 'utf8' }).filter((name) => path.extname(name));
  for (const name of files.sort()) hash.update(name).update(readFileSync(path.join(MIGRATIONS, name)));
  return hash.digest('hex').slice(0, 16);
}
