// The statements of docs/security.md, run as they stand there.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { sql } from 'drizzle-orm';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeAudit } from '../../../services/pool-registry/access/audit.ts';
import { type OpenDatabase, openDatabase } from '../../../services/pool-registry/database.ts';
import { auditLog, datasets } from '../../../services/pool-registry/schema.ts';
import { OWNER } from '../../../services/shared/identity/caller.ts';
import { createTestDatabase } from '../../support/database.ts';

const DOCUMENT = path.resolve(import.meta.dirname, '../../../docs/security.md');
const role = `service_${randomUUID().replaceAll('-', '')}`;
const statements =
  /```sql\n(.*?)```/s.exec(readFileSync(DOCUMENT, 'utf8'))?.[1]?.replaceAll('cpral_service', role) ?? '';
let owner: pg.Client;
let database: OpenDatabase;

beforeAll(async () => {
  const ownerUrl = await createTestDatabase();
  owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  const password = randomUUID();
  await owner.query(`create role ${role} login password '${password}'`);
  await (await openDatabase(ownerUrl)).close();
  await owner.query(statements);
  // The grants alone are to hold, too.
  await owner.query('drop trigger audit_log_is_only_added_to on audit_log');
  const url = new URL(ownerUrl);
  url.username = role;
  url.password = password;
  database = await openDatabase(url.href, ownerUrl);
});
afterAll(async () => {
  await database.close();
  await owner.query(`drop owned by ${role}`);
  await owner.query(`drop role ${role}`);
  await owner.end();
});

describe('the role that serves', () => {
  it('uses every other table, and adds to the audit log', async () => {
    const { db } = database;
    await db.insert(datasets).values({ displayName: 'x', classMap: {} });
    await db.update(datasets).set({ displayName: 'y' });
    await db.delete(datasets);
    await writeAudit(db, { caller: OWNER, from: 'here', method: 'm', target: 't', outcome: 'STARTED' });
    expect(await db.$count(auditLog)).toBe(1);
  });

  it.each([
    ['change', sql`update audit_log set subject = 'nobody'`],
    ['delete', sql`delete from audit_log`],
    ['empty', sql`truncate audit_log`],
    ['drop', sql`drop table audit_log`],
    ['disarm', sql`alter table audit_log disable trigger all`],
  ])('cannot %s it', async (_, statement) => {
    const error = await Promise.resolve(database.db.execute(statement)).catch((cause: Error) => cause);
    expect(String((error as Error).cause)).toMatch(/permission denied|must be owner/);
  });
});
