import { describe, expect, it } from 'vitest';
import {
  Campaign,
  CampaignConfig,
  CampaignState,
  Cycle,
  Dataset,
  Region,
} from '../../../proto/gen/cpral/v1/resources.ts';
import { buildReport, type ReportSources } from '../../../services/cli/report/build-report.ts';
import { evenSample, poolShare } from '../../../services/cli/report/collect-pool.ts';
import { reportJson } from '../../../services/cli/report/report-json.ts';
import { reportPicks, reportTable } from '../../../services/cli/report/report-table.ts';
import { reportFixture } from '../support/report-fixture.ts';

const config = CampaignConfig.fromPartial({ strategy: 'cpral', cycles: 2, seed: 7, size: { height: 4, width: 6 } });

const cycle = (at: number, miou: number) =>
  Cycle.fromPartial({
    cycle: at,
    labelled: { images: 3n, regions: 5n, pixels: 72n, voidPixels: 2n, fraction: 0.25 + 0.1 * at, extendedPixels: 11n },
    modelId: `m${at}`,
    evaluation: { miou, iou: [0.5, -1], pixelAccuracy: 0.75 },
    loss: 0.4,
    seconds: { train: 1, rate: 2, select: 3, annotate: 4, extend: 5 },
    ...(at === 0 ? { quality: { pickedPixels: 24n, voidPixels: 2n, classPixels: [20n, 2n], wrongPixels: 9n } } : {}),
  });

const campaign = (strategy: string) =>
  Campaign.fromPartial({
    campaignId: `${strategy}-1`,
    config: { ...config, strategy },
    state: CampaignState.CAMPAIGN_STATE_SUCCEEDED,
  });

const sources: ReportSources = {
  dataset: Dataset.fromPartial({
    datasetId: 'd',
    displayName: 'camvid:x',
    trainImages: 12,
    valImages: 4,
    classMap: {
      classes: [
        { name: 'road', color: '#804080' },
        { name: 'sky', color: '#808080' },
      ],
    },
  }),
  pool: { countedImages: 12, classShare: [0.7, 0.3], voidShare: 0.1 },
  results: [
    {
      campaign: campaign('cpral'),
      cycles: [cycle(0, 0.4), cycle(1, 0.58), Cycle.fromPartial({ cycle: 2 })],
      regions: [],
    },
  ],
  full: { campaign: campaign('random'), cycles: [cycle(0, 0.6)], regions: [] },
  preset: 'quick',
  machine: { cpu: 'c', cores: 2, memoryBytes: 1, platform: 'linux x64' },
  versions: { cpral: '0.1.0' },
};

describe('report.json', () => {
  const report = JSON.parse(reportJson(buildReport(sources))) as Record<string, never>;

  it('has the documented fields with the documented names', () => {
    expect(report).toMatchObject({
      schema: 'cpral.report/v1',
      dataset: { id: 'd', name: 'camvid:x' },
      strategy: 'cpral',
      seed: 7,
      config: { strategy: 'cpral', cycles: 2, seed: 7, size: { height: 4, width: 6 } },
      campaigns: [
        {
          name: 'cpral',
          cycles: [
            {
              cycle: 0,
              labelled: { images: 3, regions: 5, pixels: 72, fraction: 0.25 },
              extended: { pixels: 11 },
              miou: 0.4,
              iou: [0.5, null],
              loss: 0.4,
              seconds: { train: 1, rate: 2, select: 3, annotate: 4, extend: 5 },
            },
            { cycle: 1, miou: 0.58 },
          ],
        },
      ],
      full: { miou: 0.6 },
      machine: { cores: 2 },
      versions: { cpral: '0.1.0' },
    });
  });

  it('leaves out a cycle that has no model yet', () => {
    expect(buildReport(sources).campaigns[0]!.cycles).toHaveLength(2);
  });

  it('has null where no training on all labels was asked for, and for picks after the last cycle', () => {
    const without = buildReport({ ...sources, full: undefined });
    expect(without.full).toBeNull();
    expect(without.campaigns[0]!.cycles.map(({ picked }) => picked)).toEqual([
      { pixels: 24, voidPixels: 2, classPixels: [20, 2], wrongPixels: 9, overlap: {} },
      null,
    ]);
  });

  it('has null where wrong picks were not counted', () => {
    const { quality, ...rest } = cycle(0, 0.4);
    const before = { ...rest, quality: { ...quality!, wrongPixels: undefined } };
    const results = [{ campaign: campaign('cpral'), cycles: [before], regions: [] }];
    expect(buildReport({ ...sources, results }).campaigns[0]!.cycles[0]!.picked!.wrongPixels).toBeNull();
  });

  it('holds the picks of each campaign against the others’, cycle by cycle', () => {
    const region = (at: number, left: number) =>
      Region.fromPartial({ cycle: at, imageId: 'a', top: 0, left, height: 4, width: 2 });
    const results = [
      { campaign: campaign('cpral'), cycles: [cycle(0, 0.4)], regions: [region(0, 0), region(0, 2), region(1, 4)] },
      { campaign: campaign('random'), cycles: [cycle(0, 0.4)], regions: [region(0, 2)] },
    ];
    const picked = buildReport({ ...sources, results }).campaigns.map(({ cycles }) => cycles[0]!.picked!.overlap);
    expect(picked).toEqual([{ random: 0.5 }, { cpral: 1 }]);
  });

  it('says at which labelled share 90 and 95 % of all labels were first reached', () => {
    expect(buildReport(sources).full!.reached).toEqual({ cpral: { p90: 0.35, p95: 0.35 } });
    const low = { ...sources, results: [{ campaign: campaign('cpral'), cycles: [cycle(0, 0.55)], regions: [] }] };
    expect(buildReport(low).full!.reached).toEqual({ cpral: { p90: 0.25, p95: null } });
  });
});

describe('the pool', () => {
  it('shares count pixels with a class, void apart', () => {
    const counts = new Float64Array(256);
    counts.set([30, 10]);
    counts[255] = 10;
    expect(poolShare(counts, { classCount: 2, countedImages: 3 })).toEqual({
      countedImages: 3,
      classShare: [0.75, 0.25],
      voidShare: 0.2,
    });
  });

  it('without ground truth has no shares', () => {
    expect(poolShare(new Float64Array(256), { classCount: 2, countedImages: 0 })).toEqual({
      countedImages: 0,
      classShare: [],
      voidShare: 0,
    });
  });

  it('is sampled evenly where it is large', () => {
    expect(evenSample([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 3)).toEqual([0, 3, 6]);
    expect(evenSample([1, 2], 3)).toEqual([1, 2]);
  });
});

describe('the table of picks', () => {
  it('has what the model had wrong, void, rare classes, their IoU after it, and what others picked too', () => {
    const lines = reportPicks(reportFixture())!.split('\n');
    expect(lines[0]).toMatch(
      /^campaign +cycle +wrong before +void +rare classes +rare IoU after +also random +also CPRAL$/,
    );
    expect(lines).toHaveLength(2 + 6);
    expect(lines[2]).toMatch(/^CPRAL +1 +35\.8.% +8\.0.% +21\.6.% +0\.328 +5\.4.% +–$/);
  });

  it('is not there where nothing was picked', () => {
    const { cycles, ...campaign } = reportFixture().campaigns[0]!;
    expect(reportPicks(reportFixture({ campaigns: [{ ...campaign, cycles: [cycles.at(-1)!] }] }))).toBeUndefined();
  });
});

describe('the table of a run', () => {
  it('has a line for each cycle, and one for all labels', () => {
    const lines = reportTable(reportFixture()).split('\n');
    expect(lines).toHaveLength(2 + 8 + 1);
    expect(lines[2]).toMatch(/^CPRAL +1 +10\.9 % +40 +0 +0 +0\.482 +79 % +253$/);
    expect(lines.at(-1)).toMatch(/^all labels +100\.0 % +0\.612 +100 %$/);
  });

  it('has no column for all labels where there were none', () => {
    expect(reportTable(reportFixture({ full: null }))).not.toContain('all labels');
  });
});
