import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startNats } from '../../deploy/servers/nats.ts';
import { startPostgres } from '../../deploy/servers/postgres.ts';

const MAIN = path.resolve('deploy/servers/main.ts');
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'cpral-servers-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

const prepare = (env: Record<string, string>) =>
  spawnSync(process.execPath, [MAIN, '--prepare'], { env: { ...process.env, ...env }, encoding: 'utf8' });

async function query(connectionString: string, text: string) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

describe('the programs of servers', () => {
  it.each([
    ['CPRAL_NATS_SERVER', '/no/such/nats-server'],
    ['CPRAL_POSTGRES_BIN', '/no/such/folder'],
  ])('are refused where %s names nothing', (variable, value) => {
    const { status, stderr } = prepare({ [variable]: value });
    expect(status).toBe(1);
    expect(stderr).toContain(`${variable}: expected`);
    expect(stderr).toContain(value);
  });
});

describe('a server', () => {
  it('keeps its data and its port over a kill and a start', async () => {
    const postgres = await startPostgres({ folder, say: () => {}, durable: true });
    try {
      await query(postgres.url, 'create table kept as select 7 as number');
      const pid = postgres.pid();
      await postgres.kill();
      await postgres.start();
      expect(postgres.pid()).not.toBe(pid);
      expect(await query(postgres.url, 'select number from kept')).toEqual([{ number: 7 }]);
    } finally {
      await postgres.remove();
    }
  });

  it('wants its password', async () => {
    const postgres = await startPostgres({ folder, say: () => {}, durable: false });
    try {
      const url = new URL(postgres.url);
      url.password = 'wrong';
      await expect(query(url.href, 'select 1')).rejects.toThrow('password authentication failed');
    } finally {
      await postgres.remove();
    }
  });

  it('that cannot start says why, from its log', async () => {
    const { server } = await startNats(folder, () => {});
    try {
      await server.kill();
      const taken = createServer().listen(server.port, '127.0.0.1');
      await once(taken, 'listening');
      await expect(server.start()).rejects.toThrow(/nats ended while it started: .*address already in use/s);
      taken.close();
      await once(taken, 'close');
      await server.start();
    } finally {
      await server.remove();
    }
  });
});

describe('the command', () => {
  it('prints what services read, and its servers end when it is killed', async () => {
    const starter = spawn(process.execPath, [MAIN], { stdio: ['ignore', 'pipe', 'ignore'] });
    const environment: Record<string, string> = {};
    for await (const line of createInterface({ input: starter.stdout })) {
      const at = line.indexOf('=');
      environment[line.slice(0, at)] = line.slice(at + 1);
      if (Object.keys(environment).length === 5) break;
    }
    expect(Object.keys(environment)).toEqual([
      'CPRAL_DATABASE_URL',
      'CPRAL_OBJECTS_URL',
      'CPRAL_NATS_URL',
      'AWS_ACCESS_KEY_ID',
      'AWS_SECRET_ACCESS_KEY',
    ]);
    const url = environment.CPRAL_DATABASE_URL ?? '';
    expect(await query(url, 'select 1 as up')).toEqual([{ up: 1 }]);
    starter.kill('SIGKILL');
    const gone = () =>
      query(url, 'select 1').then(
        () => 'up',
        ({ code }) => code,
      );
    await expect.poll(gone, { timeout: 10_000 }).toBe('ECONNREFUSED');
  });
});
