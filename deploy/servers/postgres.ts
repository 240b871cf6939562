// PostgreSQL: a cluster of files in a folder, with a password, on the loopback.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { freePort } from './free-port.ts';
import { findPostgres } from './postgres-programs.ts';
import type { Program } from './program.ts';
import type { Say } from './say.ts';
import { secretOf } from './secret.ts';
import { type Server, startServer } from './server.ts';

const USER = 'cpral';
/** PostgreSQL refuses to run as root. */
export const UNPRIVILEGED_USER = 'postgres';
const PROBE_LIMIT_MS = 2_000;

export interface PostgresOptions {
  readonly folder: string;
  readonly say: Say;
  /** Survives a power cut. Tests kill processes, not the power, and are faster without. */
  readonly durable: boolean;
  /** Further settings, NAME=VALUE. */
  readonly settings?: readonly string[];
}

export async function startPostgres({ folder, say, durable, settings = [] }: PostgresOptions): Promise<Server> {
  const program = await findPostgres(say);
  const user = program.kind === 'file' && process.getuid?.() === 0 ? UNPRIVILEGED_USER : undefined;
  const port = await freePort();
  const password = secretOf(folder, 'postgres');
  const data = path.join(folder, 'postgres');
  if (program.kind === 'container') await mkdir(data, { recursive: true });
  else if (!existsSync(path.join(data, 'PG_VERSION'))) await createCluster({ program, folder, data, user, password });
  const url = `postgres://${USER}:${password}@127.0.0.1:${port}/postgres`;
  const speed = durable ? [] : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];
  // The image makes its cluster through a socket in its own file system.
  const sockets = program.kind === 'file' ? ['-k', ''] : [];
  const options = [...sockets, ...[...speed, ...settings].flatMap((each) => ['-c', each])];
  return startServer({
    name: 'postgres',
    url,
    port,
    folder,
    program,
    data,
    args: (seen) => ['-D', seen, '-h', '127.0.0.1', '-p', `${port}`, ...options],
    env: { POSTGRES_USER: USER, POSTGRES_PASSWORD: password, POSTGRES_DB: 'postgres', LC_ALL: 'C.UTF-8' },
    user,
    stopSignal: 'SIGINT',
    probe: () => answersSelect(url),
  });
}

interface Cluster {
  readonly program: Program & { kind: 'file' };
  readonly folder: string;
  readonly data: string;
  readonly user: string | undefined;
  readonly password: string;
}

/** Under another name until it is whole: a start that was cut off begins anew. */
async function createCluster({ program, folder, data: whole, user, password }: Cluster): Promise<void> {
  const data = `${whole}.part`;
  await rm(data, { recursive: true, force: true });
  await mkdir(data, { recursive: true });
  if (user) {
    // The folder's own files stay its owner's; the user only passes through it.
    await chmod(folder, 0o711);
    run('chown', [user, data]);
    const reaches = spawnSync('setpriv', [...as(user), 'test', '-w', data]).status === 0;
    if (!reaches) throw new Error(`PostgreSQL runs as user ${user}, who cannot reach ${data}: choose another folder`);
  }
  const initdb = path.join(path.dirname(program.file), 'initdb');
  const passwordFile = path.join(data, '..', 'initdb.password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  try {
    if (user) run('chown', [user, passwordFile]);
    const options = ['-U', USER, '-E', 'UTF8', '--locale=C.UTF-8', '--auth=scram-sha-256', '--no-sync'];
    const args = [initdb, '-D', data, ...options, '--pwfile', passwordFile];
    run('setpriv', [...(user ? as(user) : []), '--pdeathsig', 'KILL', ...args]);
  } finally {
    await rm(passwordFile);
  }
  await rename(data, whole);
}

const as = (user: string) => ['--reuid', user, '--regid', user, '--init-groups'];

function run(command: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.at(-1)} failed: ${stderr.trim().split('\n').at(-1)}`);
}

async function answersSelect(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: PROBE_LIMIT_MS });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('select 1');
  } finally {
    await client.end().catch(() => {});
  }
}
