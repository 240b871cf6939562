import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CampaignConfig, CampaignState, Model } from '../../../proto/gen/cpral/v1/resources.ts';
import { ModelProto } from '../../../proto/gen/onnx/onnx.ts';
import { parseArguments } from '../../../services/cli/arguments.ts';
import type { CommandOf } from '../../../services/cli/command.ts';
import { exportLabels } from '../../../services/cli/commands/export-labels.ts';
import { exportModel } from '../../../services/cli/commands/export-model.ts';
import { run } from '../../../services/cli/commands/run.ts';
import type { Report } from '../../../services/cli/report/report.ts';
import { decodeMask } from '../../../services/shared/images/images.ts';
import { freshWeights } from '../../../services/shared/model/fresh-weights.ts';
import { networkParameters } from '../../../services/shared/model/network-parameters.ts';
import { writeSafetensors } from '../../../services/shared/model/safetensors.ts';
import { memoryObjectStore } from '../../support/memory-object-store.ts';
import { TINY_NETWORK } from '../../support/tiny-network.ts';
import { type Script, startScriptedRegistry } from '../support/scripted-registry.ts';
import { playCampaign } from '../support/scripted-run.ts';
import { writeTinyFolder } from '../support/tiny-dataset.ts';

const CLASS_COUNT = 11;
const MIOUS: Record<string, number[]> = { cpral: [0.4, 0.5, 0.55], random: [0.4, 0.45, 0.5] };
const FULL_MIOU = [0.6];

let folder: string;
let registry: Awaited<ReturnType<typeof startScriptedRegistry>>;

async function start(changes: Partial<Script> = {}) {
  registry = await startScriptedRegistry({
    play: (config, images) =>
      playCampaign(config, images, {
        objects: registry.objects,
        classCount: CLASS_COUNT,
        mious: config.cycles === 1 ? FULL_MIOU : MIOUS[config.strategy]!,
        imagesPerCycle: 2,
      }),
    ...changes,
  });
}

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'cpral-run-'));
  await writeTinyFolder(path.join(folder, 'data'), { train: 8, val: 2 });
});

afterEach(async () => {
  await registry.close();
  await rm(folder, { recursive: true, force: true });
});

function io(signal = new AbortController().signal) {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const text = (stream: PassThrough) => (stream.read() as Buffer | null)?.toString() ?? '';
  return { stdout, stderr, signal, printed: () => text(stdout), told: () => text(stderr) };
}

function command<Name extends 'run' | 'export labels' | 'export model'>(words: string): CommandOf<Name> {
  const line = `${words} --address ${registry.address}`;
  return parseArguments(line.split(' '), '0') as CommandOf<Name>;
}

const RUN = '--cycles 3 --initial 2 --budget 2 --subset 4 --size 24x32 --region 5 --encoder-weights none --seed 7';
const runCommand = (flags = '') =>
  command<'run'>(`run --dataset camvid:${folder}/data ${RUN} --out ${folder}/out ${flags}`.trim());

describe('a run', () => {
  it('makes the campaign and its control, and writes a report of both', async () => {
    await start();
    const world = io();
    await run(runCommand().options, world);
    expect(registry.created.map(({ strategy }) => strategy)).toEqual(['cpral', 'random']);
    const [main, control] = registry.created as [CampaignConfig, CampaignConfig];
    expect(main).toMatchObject({ cycles: 3, initialImages: 2, budgetImages: 2, regionSizePx: 5, seed: 7 });
    expect({ ...control, strategy: 'cpral' }).toEqual(main);

    const report = JSON.parse(await readFile(path.join(folder, 'out/report.json'), 'utf8')) as Report;
    expect(report.campaigns.map(({ name, cycles }) => [name, cycles.map(({ miou }) => miou)])).toEqual([
      ['cpral', MIOUS.cpral],
      ['random', MIOUS.random],
    ]);
    expect(report).toMatchObject({
      schema: 'cpral.report/v1',
      strategy: 'cpral',
      preset: 'camvid',
      seed: 7,
      full: null,
    });
    expect(report.dataset.pool.countedImages).toBe(8);
    const page = await readFile(path.join(folder, 'out/report.html'), 'utf8');
    // Two acquisitions of CPRAL touch two images each: window, entropy, label and extension of all four.
    expect(page.match(/data:image\/webp;base64,/g)).toHaveLength(16);
    expect(world.printed()).toMatch(/CPRAL reaches 0\.550\u00a0mIoU, random\u00a00\.500/);
    expect(world.told()).toContain('cpral 3/3 train: ');
  });

  it('of random alone has no control, and none has none', async () => {
    await start();
    await run(runCommand('--strategy random').options, io());
    expect(registry.created.map(({ strategy }) => strategy)).toEqual(['random']);
    await run(runCommand('--control none').options, io());
    expect(registry.created.map(({ strategy }) => strategy)).toEqual(['random', 'cpral']);
  });

  it('refuses a strategy that the services do not have before it imports anything', async () => {
    await start();
    const world = io();
    await expect(run(runCommand('--strategy magic').options, world)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: '--strategy: expected one of cpral, random, got magic',
    });
    expect(world.told()).not.toContain('import');
    expect(registry.created).toEqual([]);
  });

  it('with --dry-run prints the plan of both and does nothing', async () => {
    await start();
    const world = io();
    await run(runCommand('--dry-run').options, world);
    const text = world.printed();
    expect(text).toMatch(/^camvid:.*: 8 images to select from, 2 to validate on, at 24x32\.$/m);
    expect(text.match(/^(cpral|random)$/gm)).toEqual(['cpral', 'random']);
    expect(text).toContain('61 of 5x5');
    expect(text).toMatch(/Estimated time on this machine: /);
    expect(registry.created).toEqual([]);
    expect(world.told()).toBe('');
    await expect(stat(path.join(folder, 'out'))).rejects.toThrow('ENOENT');
  });

  it('with --full trains once on all images and reports the share of it', async () => {
    await start();
    await run(runCommand('--full').options, io());
    expect(
      registry.created.map(({ strategy, cycles, initialImages }) => [strategy, cycles, initialImages]),
    ).toContainEqual(['random', 1, 8]);
    const report = JSON.parse(await readFile(path.join(folder, 'out/report.json'), 'utf8')) as Report;
    expect(report.campaigns).toHaveLength(2);
    expect(report.full).toMatchObject({
      miou: 0.6,
      reached: { cpral: { p90: 0.2, p95: null }, random: { p90: null, p95: null } },
    });
  });

  it('with --json prints report.json and nothing else', async () => {
    await start();
    const world = io();
    await run(runCommand('--json').options, world);
    expect(world.printed()).toBe(await readFile(path.join(folder, 'out/report.json'), 'utf8'));
  });

  it('again finds its campaigns and only reports', async () => {
    await start();
    await run(runCommand().options, io());
    const first = await readFile(path.join(folder, 'out/report.json'), 'utf8');
    const world = io();
    await run(runCommand().options, world);
    expect(registry.created).toHaveLength(2);
    expect(world.told()).toContain('cpral: cpral-3-7, done before');
    expect(await readFile(path.join(folder, 'out/report.json'), 'utf8')).toBe(first);
  });

  it('again lets a failed campaign go on', async () => {
    await start();
    await run(runCommand('--control none').options, io());
    const entry = registry.campaigns.get('cpral-3-7')!;
    entry.campaign = { ...entry.campaign, state: CampaignState.CAMPAIGN_STATE_FAILED, error: 'no memory' };
    await run(runCommand('--control none').options, io());
    expect(registry.resumed).toEqual(['cpral-3-7']);
  });

  it('ends with the error of a campaign that fails, and writes no report', async () => {
    await start({ play: async () => Promise.reject(new Error('broken')) });
    await expect(run(runCommand().options, io())).rejects.toMatchObject({ code: 'INTERNAL' });
    await expect(stat(path.join(folder, 'out/report.json'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('ends at once when it is interrupted', async () => {
    await start({ play: () => undefined });
    const interrupt = new AbortController();
    const world = io(interrupt.signal);
    const running = run(runCommand().options, world);
    world.stderr.on('data', (text: Buffer) => {
      if (text.toString().includes('initial labels')) interrupt.abort();
    });
    await expect(running).rejects.toThrow();
  });

  it('with a budget that the pool does not have makes nothing', async () => {
    await start();
    await expect(run(runCommand('--budget 5').options, io())).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      field: 'budget_images',
    });
    expect(registry.created).toEqual([]);
  });
});

describe('exports', () => {
  it('of labels are masks by image id, with their classes by name', async () => {
    await start();
    await run(runCommand('--control none').options, io());
    const out = path.join(folder, 'labels');
    await exportLabels(command<'export labels'>(`export labels cpral-3-7 --out ${out}`), io());
    const classes = JSON.parse(await readFile(path.join(out, 'classes.json'), 'utf8'));
    expect(classes).toMatchObject({ campaign: 'cpral-3-7', unlabelled: 255, origins: { 4: 'extended' } });
    expect(classes.classes[3]).toEqual({ id: 3, name: 'road', color: '#804080' });
    const [label] = registry.campaigns.get('cpral-3-7')!.played!.labels.get(1)!;
    for (const kind of ['classes', 'origins'] as const) {
      const bytes = await readFile(path.join(out, kind, `${label!.imageId}.png`));
      expect(Buffer.compare(bytes, await registry.objects.get(label!.masks![kind]!))).toBe(0);
      expect(await decodeMask(bytes)).toMatchObject({ height: 24, width: 32 });
    }
  });

  it('of labels as COCO name the same images, with where they come from', async () => {
    await start();
    await run(runCommand('--control none').options, io());
    const out = path.join(folder, 'coco');
    await exportLabels(command<'export labels'>(`export labels cpral-3-7 --out ${out} --format coco`), io());
    const read = async (name: string) => JSON.parse(await readFile(path.join(out, name), 'utf8'));
    const coco = await read('annotations.json');
    const lineage = await read('lineage.json');
    const labels = registry.campaigns.get('cpral-3-7')!.played!.labels.get(1)!;
    expect(coco.images.map(({ cpral }: { cpral: object }) => cpral)).toEqual(lineage.images);
    expect(lineage.images).toEqual(labels.map(({ imageId }) => ({ image: imageId, cycle: 1, model: 'model-cpral-1' })));
    expect(lineage).toMatchObject({ campaign: 'cpral-3-7', strategy: 'cpral', annotators: { 2: 'simulated' } });
    for (const { origin } of coco.annotations.map(({ cpral }: { cpral: { origin: string } }) => cpral)) {
      expect(['oracle', 'extended']).toContain(origin);
    }
    await expect(stat(path.join(out, 'classes', coco.images[0].file_name))).resolves.toBeDefined();
  });

  it('of a model are its weights and a description, by its own id or as the newest of a campaign', async () => {
    const weights = Uint8Array.from([1, 2, 3]);
    const object = await memoryObjectStore().put(weights);
    const model = {
      modelId: 'model-cpral-2',
      campaignId: 'cpral-3-7',
      cycle: 2,
      network: undefined,
      classCount: 11,
      size: undefined,
    };
    const rest = { evaluation: undefined, createTime: undefined, trainingDigest: 'd' };
    await start({ models: [{ ...model, ...rest, weights: object }] });
    await registry.objects.put(weights);
    await run(runCommand('--control none').options, io());
    for (const id of ['model-cpral-2', 'cpral-3-7']) {
      const out = path.join(folder, `${id}.safetensors`);
      await exportModel(command<'export model'>(`export model ${id} --out ${out}`), io());
      expect(new Uint8Array(await readFile(out))).toEqual(weights);
      const description = JSON.parse(await readFile(path.join(folder, `${id}.json`), 'utf8'));
      expect(description).toMatchObject({ modelId: 'model-cpral-2', cycle: 2, classes: { 3: { name: 'road' } } });
    }
  });

  it('of a model as ONNX are a network that says which model it is', async () => {
    const network = { ...TINY_NETWORK };
    const weights = writeSafetensors(freshWeights(networkParameters(network, CLASS_COUNT), 1));
    const object = await memoryObjectStore().put(weights);
    const known = { modelId: 'model-cpral-2', campaignId: 'cpral-3-7', cycle: 2, network, classCount: CLASS_COUNT };
    const model = Model.fromPartial({ ...known, size: { height: 32, width: 32 }, weights: object });
    await start({ models: [model] });
    await registry.objects.put(weights);
    await run(runCommand('--control none').options, io());
    const out = path.join(folder, 'model.onnx');
    await exportModel(command<'export model'>(`export model cpral-3-7 --out ${out} --format onnx`), io());
    const { metadataProps, graph } = ModelProto.decode(await readFile(out));
    expect(metadataProps).toContainEqual({ key: 'model', value: 'model-cpral-2' });
    expect(graph?.output.map(({ name }) => name)).toEqual(['logits', 'classes']);
    await expect(stat(path.join(folder, 'model.json'))).resolves.toBeDefined();
  });

  it('of what is neither model nor campaign is refused', async () => {
    await start();
    const missing = command<'export model'>(`export model none --out ${folder}/x`);
    await expect(exportModel(missing, io())).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: '"none" is neither a model nor a campaign',
    });
  });
});
