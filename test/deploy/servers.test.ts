import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startNats } from '../../deploy/servers/nats.ts';
import { startPostgres } from '../../deploy/servers/postgres.ts';
import { findPostgres } from '../../deploy/servers/postgres-programs.ts';
import { startServer } from '../../deploy/servers/server.ts';
import { keepUp } from '../../deploy/up/keep-servers.ts';

const IMAGE = { name: 'an/image:1', data: '/data' };
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
  // A server that ends says so to whoever is just connected.
  client.on('error', () => {});
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
      await postgres.stop();
    }
  });

  it('whose first start was cut off while its files were made begins anew', async () => {
    const home = path.join(folder, 'cut-off');
    const programs = path.join(folder, 'programs');
    await mkdir(home);
    await mkdir(programs);
    const { file } = (await findPostgres(() => {})) as { file: string };
    await symlink(file, path.join(programs, 'postgres'));
    const dies = '#!/bin/sh\necho 15 > "$2/PG_VERSION"\nkill -9 $$\n';
    await writeFile(path.join(programs, 'initdb'), dies, { mode: 0o755 });
    await chmod(folder, 0o755);
    process.env.CPRAL_POSTGRES_BIN = programs;
    try {
      await expect(startPostgres({ folder: home, say: () => {}, durable: false })).rejects.toThrow();
    } finally {
      delete process.env.CPRAL_POSTGRES_BIN;
    }
    const postgres = await startPostgres({ folder: home, say: () => {}, durable: false });
    expect(await query(postgres.url, 'select 1 as up')).toEqual([{ up: 1 }]);
    await postgres.stop();
  });

  it('wants its password', async () => {
    const postgres = await startPostgres({ folder, say: () => {}, durable: false });
    try {
      const url = new URL(postgres.url);
      url.password = 'wrong';
      await expect(query(url.href, 'select 1')).rejects.toThrow('password authentication failed');
    } finally {
      await postgres.stop();
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
      await server.stop();
    }
  });
});

describe('a server in a container', () => {
  it('has its data in the folder of this machine, and leaves it and nothing else', async () => {
    const log = path.join(folder, 'engine.log');
    const data = path.join(folder, 'data');
    process.env.FAKE_ENGINE_LOG = log;
    const server = await startServer({
      ...{ name: 'store', url: '', port: 1, folder, data },
      program: { kind: 'container', engine: path.resolve('test/support/fake-engine.sh'), image: IMAGE },
      args: (seen) => ['--keep', seen],
      env: { PASSWORD: 'secret' },
      probe: async () => void (await readFile(`${log}.pid`)),
    });
    await server.stop();
    await server.start();
    await server.kill();
    delete process.env.FAKE_ENGINE_LOG;
    const asked = (await readFile(log, 'utf8')).trimEnd().split('\n');
    const name = /cpral-store-[0-9a-f]{8}/g;
    const [uid, gid] = [process.getuid?.(), process.getgid?.()];
    const asUser = uid === 0 ? '' : ` --user ${uid}:${gid}`;
    const run =
      `run --rm --name NAME --label cpral --network host${asUser} --env PASSWORD ` +
      `--volume ${data}:/data:Z an/image:1 --keep /data`;
    const kill = (signal: string) => `kill --signal ${signal} NAME`;
    expect(asked.map((line) => line.replace(name, 'NAME'))).toEqual([
      ...['image inspect an/image:1', run, kill('SIGTERM'), run, kill('SIGKILL')],
    ]);
    const [first, , second] = asked.slice(1).map((line) => line.match(name)?.[0]);
    expect(second).not.toBe(first);
  });
});

describe('a server that is kept up', () => {
  it('is started again on its port and data when it dies, and not when it is stopped', async () => {
    const { server } = await startNats(await mkdtemp(path.join(folder, 'kept-')), () => {});
    const said: string[] = [];
    const unwatch = keepUp([server], (sentence) => said.push(sentence));
    try {
      const pid = server.pid();
      process.kill(pid, 'SIGKILL');
      await expect.poll(() => server.pid(), { timeout: 20_000 }).not.toBe(pid);
      await expect.poll(() => answers(server.port), { timeout: 20_000 }).toBe(true);
      expect(said).toEqual([expect.stringMatching(/^nats ended, starting it again in 500 ms/)]);
      await server.stop();
      expect(await answers(server.port)).toBe(false);
      expect(said).toHaveLength(1);
    } finally {
      unwatch();
      await server.stop();
    }
  });
});

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

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
