// The real process: what it prints, and the number that it ends with.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WorkItem, WorkItemState } from '../../proto/gen/cpral/v1/resources.ts';
import { startScriptedRegistry } from './support/scripted-registry.ts';
import { writeTinyFolder } from './support/tiny-dataset.ts';

const MAIN = path.resolve(import.meta.dirname, '../../services/cli/main.ts');

const PARKED = WorkItem.fromPartial({
  itemId: 'broken/0/2/0',
  campaignId: 'broken',
  kind: 'train',
  state: WorkItemState.WORK_ITEM_STATE_PARKED,
  attempts: 3,
  failures: 3,
  cause: 'the disk is on fire',
});

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function cpral(
  words: string,
  onStderr: (text: string, kill: (signal: NodeJS.Signals) => void) => void = () => {},
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [MAIN, ...words.split(' ').filter(Boolean)], (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr });
    });
    child.stderr!.on('data', (text: string) => onStderr(text, (signal) => child.kill(signal)));
  });
}

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'cpral-main-'));
  await writeTinyFolder(path.join(folder, 'data'), { train: 8, val: 2 });
  await writeTinyFolder(path.join(folder, 'bad'), { train: 2, val: 1 });
  await writeFile(path.join(folder, 'bad/train/images/tiny_001.png'), 'not a picture');
  await writeFile(path.join(folder, 'file'), '');
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('the process', () => {
  it('answers help and version with 0, on the standard output', async () => {
    for (const words of ['', '--help', 'run --help', '--version']) {
      const { code, stdout, stderr } = await cpral(words);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).not.toBe('');
    }
  });

  it.each([
    ['frobnicate', "cpral: unknown command 'frobnicate'"],
    ['run --dataset synthetic --cycles many', 'cpral: --cycles: expected a whole number from 1 to 1000, got "many"'],
    ['run --dataset tiff:x', 'cpral: --dataset tiff:x: expected FORMAT:PATH with a format of '],
    ['run --dataset camvid:FOLDER/nowhere', 'cpral: .*FOLDER/nowhere'],
    ['run --dataset camvid:FOLDER/data --initial 9', "cpral: --initial: expected at most the pool's 8 images, got 9"],
    [
      'run --dataset camvid:FOLDER/data --initial 2 --budget 1 --region 181',
      "cpral: --region: expected at most the image's 180 pixels, got 181",
    ],
    [
      'run --dataset camvid:FOLDER/data --initial 2 --budget 1 --encoder-weights FOLDER/none.safetensors',
      'cpral: --encoder-weights: .*none.safetensors',
    ],
    [
      'run --dataset camvid:FOLDER/data --initial 2 --budget 1 --encoder-weights none --out FOLDER/file/out',
      'cpral: --out: expected a folder that can be written, got .*ENOTDIR',
    ],
  ])('ends with 2 and one line for: %s', async (words, line) => {
    const { code, stdout, stderr } = await cpral(words.replaceAll('FOLDER', folder));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(new RegExp(`^${line.replaceAll('FOLDER', folder)}`));
  });

  it('ends with 1 where no services answer', async () => {
    const { code, stderr } = await cpral('dataset list --address 127.0.0.1:1');
    expect(code).toBe(1);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('the process beside running services', () => {
  let registry: Awaited<ReturnType<typeof startScriptedRegistry>>;

  beforeAll(async () => {
    registry = await startScriptedRegistry({ play: () => undefined, workItems: [PARKED] });
  });

  afterAll(() => registry.close());

  it('ends with 2 for an id that the registry does not know', async () => {
    const { code, stderr } = await cpral(`campaign show none --address ${registry.address}`);
    expect({ code, stderr }).toEqual({ code: 2, stderr: 'cpral: campaign "none" is not known\n' });
  });

  it('lists work with its cause, as a table and as JSON, and redrives it', async () => {
    const listed = await cpral(`work list --campaign broken --address ${registry.address}`);
    expect(listed.stdout).toMatch(/^broken.0.2.0 +train +parked +3 +3 +the disk is on fire$/m);
    const json = JSON.parse((await cpral(`work list --json --address ${registry.address}`)).stdout);
    expect(json).toMatchObject([{ itemId: 'broken/0/2/0', state: 'WORK_ITEM_STATE_PARKED', failures: 3 }]);
    const redriven = await cpral(`work redrive broken/0/2/0 --address ${registry.address}`);
    expect(redriven.code).toBe(0);
    expect(registry.redriven).toEqual(['broken/0/2/0']);
    expect(await cpral('work redrive')).toMatchObject({
      code: 2,
      stderr: 'cpral: work redrive: expected either items or --campaign\n',
    });
  });

  it('ends with 2 for a picture that is none, names it, and imports nothing', async () => {
    const { code, stderr } = await cpral(`dataset import camvid:${folder}/bad --address ${registry.address}`);
    expect(code).toBe(2);
    expect(stderr).toContain('tiny_001.png');
    expect((await cpral(`dataset list --address ${registry.address}`)).stdout).toContain('No dataset yet');
  });

  it('imports a dataset, prints its id alone, and shows it', async () => {
    const imported = await cpral(`dataset import camvid:${folder}/data --address ${registry.address}`);
    expect(imported).toMatchObject({ code: 0, stdout: 'scripted\n' });
    const shown = await cpral(`dataset show scripted --address ${registry.address}`);
    expect(shown.stdout).toMatch(/^scripted: camvid:data, 8 training and 2 validation images\n/);
    const listed = JSON.parse((await cpral(`dataset list --json --address ${registry.address}`)).stdout);
    expect(listed).toMatchObject([{ datasetId: 'scripted', trainImages: 8, valImages: 2 }]);
  });

  it('ends with 130 on Ctrl-C and says how to go on', async () => {
    const words = `run --dataset camvid:${folder}/data --initial 2 --budget 1 --size 24x32 --region 5 --encoder-weights none --out ${folder}/out --address ${registry.address}`;
    const { code, stdout, stderr } = await cpral(words, (text, kill) => {
      if (text.includes('cpral 1/4 initial labels')) kill('SIGINT');
    });
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr.trimEnd().split('\n').at(-1)).toBe(
      'Stopped. What was done is kept: the same command goes on from there, and so does cpral campaign resume.',
    );
  });
});
