// A registry's database behind TLS.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startPostgres, UNPRIVILEGED_USER } from '../../../deploy/servers/postgres.ts';
import type { Server } from '../../../deploy/servers/server.ts';
import { openDatabase } from '../../../services/pool-registry/database.ts';
import { type Certificates, makeCertificates } from '../../support/certificates.ts';

let folder: string;
let certificates: Certificates;
let postgres: Server;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'cpral-postgres-tls-'));
  certificates = makeCertificates(folder);
  const { certFile, keyFile } = certificates;
  // PostgreSQL takes a key of its own user alone.
  chmodSync(keyFile, 0o600);
  if (process.getuid?.() === 0) spawnSync('chown', [UNPRIVILEGED_USER, keyFile]);
  const settings = ['ssl=on', `ssl_cert_file=${certFile}`, `ssl_key_file=${keyFile}`];
  postgres = await startPostgres({ folder, say: () => {}, durable: false, settings });
});
afterAll(async () => {
  await postgres?.stop();
  rmSync(folder, { recursive: true });
});

it('a database is read and written behind a certificate that the URL names the authority of', async () => {
  const database = await openDatabase(`${postgres.url}?sslmode=verify-full&sslrootcert=${certificates.caFile}`);
  try {
    const encrypted = sql`select ssl from pg_stat_ssl where pid = pg_backend_pid()`;
    expect(await database.db.execute(encrypted)).toMatchObject({ rows: [{ ssl: true }] });
    await database.ready();
  } finally {
    await database.close();
  }
});

it('a database whose certificate nobody vouches for is not logged in to', async () => {
  const error: Error = await openDatabase(`${postgres.url}?sslmode=verify-full`).then(Promise.reject, (cause) => cause);
  expect(`${error.message} ${(error.cause as Error | undefined)?.message}`).toMatch(/certificate/);
});
