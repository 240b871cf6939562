import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CampaignConfig } from '../../../proto/gen/cpral/v1/resources.ts';
import { parseArguments } from '../../../services/cli/arguments.ts';
import type { CommandOf } from '../../../services/cli/command.ts';
import { compare } from '../../../services/cli/commands/compare.ts';
import { reproduce } from '../../../services/cli/commands/reproduce.ts';
import { STRATEGIES } from '../../../services/pool-registry/campaign/strategies.ts';
import { type Script, startScriptedRegistry } from '../support/scripted-registry.ts';
import { playCampaign } from '../support/scripted-run.ts';
import { writeTinyFolder } from '../support/tiny-dataset.ts';

const SEEDS = 2;
const ARMS = 6;

let folder: string;
let registry: Awaited<ReturnType<typeof startScriptedRegistry>>;

/** Our CPRAL is two points ahead of everything, whatever the seed brings. */
const lastMiou = ({ strategy, seed }: CampaignConfig) =>
  0.5 + 0.05 * seed + (strategy === 'cpral' ? 0.02 + 1e-4 * seed : 0);

async function start(changes: Partial<Script> = {}) {
  registry = await startScriptedRegistry({
    play: (config, images) =>
      playCampaign(config, images, {
        objects: registry.objects,
        classCount: 11,
        mious: config.cycles === 1 ? [0.7] : [0.4, lastMiou(config)],
        imagesPerCycle: 2,
      }),
    ...changes,
  });
}

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'cpral-reproduce-'));
  await writeTinyFolder(path.join(folder, 'data'), { train: 8, val: 2 });
});

afterEach(async () => {
  await registry.close();
  await rm(folder, { recursive: true, force: true });
});

function io() {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const text = (stream: PassThrough) => (stream.read() as Buffer | null)?.toString() ?? '';
  return {
    stdout,
    stderr,
    signal: new AbortController().signal,
    printed: () => text(stdout),
    told: () => text(stderr),
  };
}

const FLAGS = '--cycles 2 --initial 2 --budget 2 --subset 4 --size 24x32 --region 5 --encoder-weights none';
function optionsOf(flags = '') {
  const line = `reproduce decisive --dataset camvid:${folder}/data ${FLAGS} --seeds ${SEEDS} --out ${folder}/out --address ${registry.address} ${flags}`;
  return (parseArguments(line.trim().split(/ +/), '0') as CommandOf<'reproduce'>).options;
}

const rowsOf = async () =>
  (await readFile(path.join(folder, 'out/results.csv'), 'utf8')).trimEnd().split('\n').slice(1);

describe('a figure reproduced', () => {
  it('runs every arm with every seed, and all labels, and says which claims hold', async () => {
    await start();
    const world = io();
    await reproduce(optionsOf(), world);
    expect(registry.created).toHaveLength(SEEDS * (ARMS + 1));
    expect(await rowsOf()).toHaveLength(SEEDS * (2 * ARMS + 1));
    const text = world.printed();
    expect(text).toContain(
      'Our CPRAL is ahead of both randoms: holds (+2.0 ± 0.1 against random images; +2.0 ± 0.1 against',
    );
    expect(text).toContain('CPRAL as in the paper is ahead of both randoms: cannot be told at this size (0.0 ± 0.0');
    expect(await readFile(path.join(folder, 'out/report.html'), 'utf8')).toContain('<h1>CPRAL against chance</h1>');
  });

  it('again finds everything done', async () => {
    await start();
    await reproduce(optionsOf(), io());
    const first = await readFile(path.join(folder, 'out/results.csv'), 'utf8');
    const world = io();
    await reproduce(optionsOf(), world);
    expect(registry.created).toHaveLength(SEEDS * (ARMS + 1));
    expect(world.told()).toContain('done before');
    expect(await readFile(path.join(folder, 'out/results.csv'), 'utf8')).toBe(first);
  });

  it('with more seeds adds to those that are done', async () => {
    await start();
    await reproduce(optionsOf(), io());
    await reproduce(optionsOf('--seeds 3'), io());
    expect(registry.created).toHaveLength(3 * (ARMS + 1));
  });

  it('goes on after a campaign that fails, reports it, and ends with an error', async () => {
    await start({ fails: ({ strategy, seed }) => (strategy === 'random-r' && seed === 1 ? 'it diverged' : undefined) });
    await expect(reproduce(optionsOf('--parallel 2'), io())).rejects.toMatchObject({
      code: 'ABORTED',
      message: '1 of 14 campaigns did not succeed',
    });
    expect(await rowsOf()).toHaveLength(SEEDS * (2 * ARMS + 1) - 2);
    expect(await readFile(path.join(folder, 'out/report.html'), 'utf8')).toContain('it diverged');
  });

  it('with --dry-run prints the grid and does nothing', async () => {
    await start({ strategies: STRATEGIES.map(({ name }) => name) });
    const world = io();
    await reproduce(optionsOf('--dry-run'), world);
    const text = world.printed();
    expect(text).toContain('14 campaigns, as figures share some and each seed has one on all labels; 16 trainings');
    expect(text).toMatch(/Estimated time on this machine: /);
    expect(registry.created).toEqual([]);
    await expect(stat(path.join(folder, 'out'))).rejects.toThrow('ENOENT');
  });
});

describe('campaigns compared', () => {
  const compareWords = (ids: string) => {
    const words = `compare ${ids} --out ${folder}/out --address ${registry.address}`.split(' ');
    return (parseArguments(words, '0') as CommandOf<'compare'>).options;
  };

  it('are arms by their configuration, with the training on all labels beside them', async () => {
    await start();
    await reproduce(optionsOf(), io());
    const world = io();
    await compare(compareWords('cpral-2-0 cpral-2-1 random-2-0 random-2-1 random-1-0'), world);
    const text = world.printed();
    expect(text).toMatch(/^cpral +2 +0\.545 ± /m);
    expect(text).toMatch(/^all labels +1 +0\.700/m);
    expect(text).toContain('ahead of random');
  });

  it('must have succeeded', async () => {
    await start({ fails: () => 'it diverged' });
    await expect(reproduce(optionsOf('--seeds 1'), io())).rejects.toThrow('did not succeed');
    await expect(compare(compareWords('cpral-2-0'), io())).rejects.toThrow(
      'campaign cpral-2-0: expected one that has succeeded; cpral campaign show cpral-2-0 tells more',
    );
  });
});
