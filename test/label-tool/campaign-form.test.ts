import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CampaignConfig } from '../../proto/gen/cpral/v1/resources.ts';
import type {
  CampaignForm,
  CampaignList,
  CampaignPreview,
  CampaignSummary,
} from '../../services/label-tool/dashboard-types.ts';
import { draftConfig, presetDefaults } from '../../services/label-tool/form/draft-config.ts';
import { estimateSeconds } from '../../services/label-tool/form/estimate-seconds.ts';
import { strategySummary } from '../../services/label-tool/form/strategy-summary.ts';
import { STRATEGIES } from '../../services/pool-registry/campaign/strategies.ts';
import { PRESETS } from '../../services/shared/campaign/presets.ts';
import { call } from '../../services/shared/grpc/client.ts';
import { presetConfig } from '../support/campaign-config.ts';
import { startTestRegistry, type TestRegistry } from '../support/registry.ts';
import { importDataset, tinyDataset, untilEnded } from '../support/tiny-dataset.ts';
import { startTestLabelTool, type TestLabelTool } from './support/label-tool.ts';

let registry: TestRegistry;
let tool: TestLabelTool;
let datasetId: string;

beforeAll(async () => {
  registry = await startTestRegistry();
  tool = await startTestLabelTool(registry.address);
  ({ datasetId } = await importDataset(registry.registry, tinyDataset()));
});
afterAll(async () => {
  await tool.close();
  await registry.close();
});

/** What fits the tiny dataset. */
const draft = () => ({
  ...{ datasetId, preset: 'quick', strategy: 'cpral', annotator: 'simulated' as const, pretrained: false },
  ...{ cycles: 2, initialImages: 2, budgetImages: 1, subsetImages: 4, regionSizePx: 5, height: 12, width: 18 },
});

describe('the form', () => {
  it('offers the datasets and strategies of the registry, and the presets of the command line', async () => {
    const form = await tool.get<CampaignForm>('/campaign-form');
    expect(form.datasets).toMatchObject([
      {
        datasetId,
        displayName: 'Tiny',
        trainImages: 10,
        valImages: 2,
        size: { height: 12, width: 18 },
        hasGroundTruth: true,
      },
    ]);
    expect(form.strategies.map(({ name }) => name)).toEqual(STRATEGIES.map(({ name }) => name));
    expect(form.strategies.find(({ name }) => name === 'random')).toMatchObject({ wholeImages: true, extends: false });
    expect(form.presets.find(({ name }) => name === 'quick')?.defaults).toMatchObject({
      cycles: 4,
      height: 96,
      width: 128,
      steps: 250,
    });
    expect(form.encoders).toContain('mobilenetv2');
    expect(form.limits.batchSize).toEqual({ min: 2, max: 256, integer: true });
  });

  it('says of each strategy what it does, each in words of its own', () => {
    const summaries = STRATEGIES.filter(({ extensionConfig }) => !extensionConfig).map(strategySummary);
    expect(summaries.every((summary) => /^(Labels|Of .*, labels) .*\.$/.test(summary))).toBe(true);
    expect(strategySummary(STRATEGIES.find(({ name }) => name === 'random')!)).toBe('Labels random images.');
  });
});

describe('a draft', () => {
  it('without numbers is its preset', () => {
    const config = draftConfig({ datasetId: 'd', preset: 'camvid', strategy: 'random', annotator: 'simulated' });
    expect(config).toEqual({ ...PRESETS.camvid.config, strategy: 'random' });
  });

  it('with all numbers of its preset is its preset, too', () => {
    const config = draftConfig({
      datasetId: 'd',
      preset: 'camvid',
      strategy: 'random',
      annotator: 'simulated',
      ...presetDefaults('camvid'),
    });
    expect(config).toEqual({ ...PRESETS.camvid.config, strategy: 'random' });
  });

  it('takes its numbers in place of the preset’s', () => {
    const config = draftConfig({
      ...draft(),
      sigma: 3,
      epochs: 5,
      steps: 0,
      batchSize: 8,
      encoder: 'drn-d-22',
      oracleNoise: 0.2,
    });
    expect(config).toMatchObject({ size: { height: 12, width: 18 }, sigma: 3, oracleNoise: 0.2, regionSizePx: 5 });
    expect(config.training).toMatchObject({ epochs: 5, steps: 0, batchSize: 8, network: { encoder: 'drn-d-22' } });
  });

  it.each([
    [{ preset: 'none' }, 'preset'],
    [{ encoder: 'alexnet' }, 'encoder'],
    [{ strategy: 'guess' }, 'strategy'],
    [{ datasetId: 'nothing' }, 'datasetId'],
    [{ cycles: 0 }, 'cycles'],
    [{ cycles: 2.5 }, 'cycles'],
    [{ cycles: '3' }, 'cycles'],
    [{ cycles: null }, 'cycles'],
    [{ batchSize: 3 }, 'batchSize'],
    [{ height: 12, width: undefined }, 'width'],
    [{ initialImages: 11 }, 'initialImages'],
    [{ regionSizePx: 4 }, 'regionSizePx'],
    [{ regionSpacingPx: 4000 }, 'regionSpacingPx'],
    [{ campaignId: 'Not An Id' }, 'campaignId'],
    [{ annotator: 'robots' }, 'annotator'],
    [{ colour: 'blue' }, 'body'],
  ])('is refused with %j, naming the form’s field', async (change, field) => {
    const json = { ...draft(), ...change };
    expect(await tool.refusal('/campaigns/preview', { json })).toMatchObject({ field });
    expect(await tool.refusal('/campaigns', { json: { ...json, requestId: 'r' } })).toMatchObject({ field });
    expect((await tool.get<CampaignList>('/campaigns')).campaigns).toEqual([]);
  });
});

describe('a preview', () => {
  it('has the plan of the registry, and makes nothing', async () => {
    const preview = await tool.post<CampaignPreview>('/campaigns/preview', draft());
    const { registry: pool } = registry;
    const request = {
      campaignId: '',
      datasetId,
      config: CampaignConfig.fromPartial(draftConfig(draft())),
      requestId: '',
      validateOnly: true,
    };
    const { plan } = await call(pool.createCampaign.bind(pool), request, { deadlineMs: 10_000 });
    expect(preview).toEqual({
      ...{ poolImages: 10, initialImages: 2, initialPixels: 2 * 12 * 18 },
      ...{
        regionsPerCycle: plan?.regionsPerCycle,
        pixelsPerCycle: Number(plan?.pixelsPerCycle),
        regionSizePx: 5,
        subsetImages: 4,
      },
      ...{ finalFraction: plan?.finalFraction, peopleSeconds: null, computeSeconds: null },
    });
    expect((await tool.get<CampaignList>('/campaigns')).campaigns).toEqual([]);
  });

  it('grows an earlier campaign’s seconds with steps, pool and passes', () => {
    const config = presetConfig({ cycles: 3, passes: 8 });
    const basisConfig = presetConfig({ cycles: 2, passes: 4 });
    const strategy = STRATEGIES[0]!;
    const plan = { regionsPerCycle: 8, pixelsPerCycle: 216n, regionSizePx: 5, subsetImages: 8, finalFraction: 0.4 };
    const cycle = (at: number, more: object) => ({
      cycle: at,
      labelled: { images: 2n, pixels: 432n },
      evaluation: { miou: 0.5 },
      ...more,
    });
    const cycles = [
      cycle(0, { seconds: { train: 10, rate: 3, select: 2 }, quality: {}, subsetImages: 4 }),
      cycle(1, { seconds: { train: 14, rate: 0, select: 0 }, subsetImages: 0 }),
    ] as never;
    const basis = {
      campaign: { campaignId: 'before', config: basisConfig, strategy } as never,
      cycles,
      poolImages: 10,
    };
    // 24 s for 2 trainings of equal steps; one acquisition of 3 and 2 s, of 10 images, 4 of them searched in 4 passes.
    expect(estimateSeconds({ config, strategy, plan, poolImages: 20 }, basis)).toEqual({
      train: 36,
      rate: 12,
      select: 16,
      basisCampaignId: 'before',
    });
  });
});

describe('making a campaign', () => {
  it('starts it, and once for one request id; an equal one is found', async () => {
    const json = { ...draft(), requestId: 'make-1' };
    const made = await tool.ask('/campaigns', { json });
    expect(made.status).toBe(201);
    const summary = (await made.json()) as CampaignSummary;
    expect(made.headers.get('location')).toBe(`/api/v1/campaigns/${summary.campaignId}`);
    expect(summary).toMatchObject({ datasetId, strategy: 'cpral', state: 'running', cycles: 2 });
    const again = await tool.ask('/campaigns', { json: { ...json, requestId: 'make-2' } });
    expect(again.status).toBe(200);
    expect(((await again.json()) as CampaignSummary).campaignId).toBe(summary.campaignId);
    registry.startWorkers();
    await untilEnded(registry.registry, summary.campaignId);
    // Now there is something to go by.
    const { computeSeconds } = await tool.post<CampaignPreview>('/campaigns/preview', { ...draft(), seed: 5 });
    expect(computeSeconds).toMatchObject({ basisCampaignId: summary.campaignId });
    expect(computeSeconds!.train).toBeCloseTo(2, 5);
  });

  it('under an id that another one has is refused', async () => {
    await tool.post('/campaigns', { ...draft(), requestId: 'i1', campaignId: 'mine' });
    const json = { ...draft(), requestId: 'i2', campaignId: 'mine', seed: 9 };
    expect(await tool.refusal('/campaigns', { json })).toMatchObject({ status: 409, field: 'campaignId' });
  });

  it('starts from the encoder’s weights that come with the installation, stored once', async () => {
    const withWeights = { ...draft(), pretrained: true };
    const first = await tool.post<CampaignSummary>('/campaigns', { ...withWeights, seed: 21, requestId: 'w1' });
    const second = await tool.post<CampaignSummary>('/campaigns', { ...withWeights, seed: 22, requestId: 'w2' });
    const { registry: pool } = registry;
    const weights = await Promise.all(
      [first, second].map(async ({ campaignId }) => {
        const { campaign } = await call(pool.getCampaign.bind(pool), { campaignId }, { deadlineMs: 10_000 });
        return campaign?.config?.training?.encoderWeights?.digest;
      }),
    );
    expect(weights[0]).toMatch(/^sha256\//);
    expect(weights[1]).toBe(weights[0]);
  });
});
