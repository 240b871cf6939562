import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { supervise } from '../../deploy/up/supervise.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'cpral-supervise-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function start(name: string, source: string) {
  const program = path.join(folder, `${name}.mjs`);
  const logFile = path.join(folder, `${name}.log`);
  await writeFile(program, source);
  const said: string[] = [];
  const say = (sentence: string) => void said.push(sentence);
  return { service: supervise({ name, program, env: { GREETING: 'hello' }, logFile, say }), logFile, said };
}

const STAYS = 'console.log(process.env.GREETING); setInterval(() => {}, 1000);';

describe('a supervised service', () => {
  it('has its settings, and is another process after it was killed', async () => {
    const { service, logFile, said } = await start('stays', STAYS);
    const greetings = async () =>
      (await readFile(logFile, 'utf8')).split('\n').filter((line) => line === 'hello').length;
    try {
      await expect.poll(greetings, { timeout: 10_000 }).toBe(1);
      const pid = service.pid();
      process.kill(pid ?? 0, 'SIGKILL');
      await expect.poll(greetings, { timeout: 10_000 }).toBe(2);
      expect(service.pid()).not.toBe(pid);
      expect(said).toEqual([expect.stringContaining('stays ended by SIGKILL')]);
    } finally {
      await service.stop();
    }
    expect(service.pid()).toBeUndefined();
  });

  it('that dies young is started later each time', async () => {
    const { service, said } = await start('dies', 'process.exit(3);');
    try {
      await expect.poll(() => service.deaths(), { timeout: 20_000 }).toBe(3);
    } finally {
      await service.stop();
    }
    const waits = said.map((sentence) => /with code 3, starting it again in (\d+) ms/.exec(sentence)?.[1]);
    expect(waits).toEqual(['500', '1000', '2000']);
  });

  it('that cannot be started at all is said so, and tried again', async () => {
    const { PATH } = process.env;
    process.env.PATH = '/nowhere';
    const { service, said } = await start('absent', STAYS);
    process.env.PATH = PATH;
    try {
      await expect.poll(() => said[0]).toMatch(/^absent could not be started: .*ENOENT, starting it again in 500 ms/);
      await expect.poll(() => service.pid(), { timeout: 10_000 }).toBeGreaterThan(0);
    } finally {
      await service.stop();
    }
  });

  it('is not started again once it was stopped', async () => {
    const { service, said } = await start('stopped', STAYS);
    await service.stop();
    expect(service.deaths()).toBe(0);
    expect(said).toEqual([]);
  });
});
