// A finished comparison as a report, with numbers that a run on CamVid could have.
import type { PoolShare, Report, ReportCampaign, ReportCycle } from '../../../services/cli/report/report.ts';

const CLASSES = [
  { name: 'sky', color: '#808080' },
  { name: 'building', color: '#800000' },
  { name: 'pole', color: '#c0c080' },
  { name: 'road', color: '#804080' },
  { name: 'pavement', color: '#3c28de' },
  { name: 'tree', color: '#808000' },
  { name: 'sign', color: '#c08080' },
  { name: 'fence', color: '#40407f' },
  { name: 'car', color: '#400080' },
  { name: 'pedestrian', color: '#404000' },
  { name: 'bicyclist', color: '#0080c0' },
];

const CLASS_SHARE = [0.165, 0.238, 0.011, 0.305, 0.062, 0.104, 0.012, 0.016, 0.06, 0.012, 0.015];
const POOL: PoolShare = { countedImages: 367, classShare: CLASS_SHARE, voidShare: 0.037 };
const PIXELS = 367 * 180 * 240;

export function reportFixture(changes: Partial<Report> = {}): Report {
  return {
    schema: 'cpral.report/v1',
    dataset: {
      id: 'camvid-1f2e3d4c',
      name: 'camvid:data/camvid',
      trainImages: 367,
      valImages: 101,
      classes: CLASSES,
      pool: POOL,
      rareClasses: [2, 6, 7, 9, 10],
    },
    strategy: 'cpral',
    preset: 'camvid',
    config: { strategy: 'cpral', cycles: 4, initialImages: 40, size: { height: 180, width: 240 }, seed: 7 },
    seed: 7,
    campaigns: [
      campaignFixture('cpral', [0.482, 0.528, 0.561, 0.589]),
      campaignFixture('random', [0.482, 0.509, 0.531, 0.553]),
    ],
    full: {
      miou: 0.612,
      iou: CLASS_SHARE.map((_, id) => 0.5 + 0.04 * id),
      campaignId: 'random-00ff',
      reached: { cpral: { p90: 0.218, p95: 0.273 }, random: { p90: 0.273, p95: null } },
    },
    machine: { cpu: 'Example CPU', cores: 2, memoryBytes: 8 * 2 ** 30, platform: 'linux x64' },
    versions: { cpral: '0.1.0', node: '22.23.3' },
    ...changes,
  };
}

export function campaignFixture(name: string, mious: readonly number[]): ReportCampaign {
  const cycles = mious.map((miou, cycle) => cycleFixture({ name, cycle, miou, last: cycle === mious.length - 1 }));
  return { name, id: `${name}-0123abcd`, state: 'succeeded', seed: 7, cycles, excluded: [] };
}

function cycleFixture(of: { name: string; cycle: number; miou: number; last: boolean }): ReportCycle {
  const { name, cycle, miou, last } = of;
  const cpral = name.startsWith('cpral');
  const pixels = (40 + 20 * cycle) * 180 * 240;
  const picks = CLASS_SHARE.map((share, id) =>
    Math.round(864_000 * share * (cpral && share < 0.02 ? 2.3 + 0.2 * id : 0.95)),
  );
  return {
    cycle,
    labelled: {
      images: cpral ? 40 + 37 * cycle : 40 + 20 * cycle,
      regions: cpral ? 1633 * cycle : 20 * cycle,
      pixels,
      voidPixels: Math.round(pixels * (cpral ? 0.05 : 0.037)),
      fraction: pixels / PIXELS,
    },
    extended: { pixels: cpral ? 91_000 * cycle : 0 },
    miou,
    iou: CLASS_SHARE.map((share, id) => (id === 7 ? null : Math.min(0.97, miou * (0.4 + 3 * share) + 0.02 * (id % 4)))),
    rareIou: miou - 0.2,
    pixelAccuracy: 0.86 + 0.01 * cycle,
    loss: 0.41 - 0.03 * cycle,
    seconds: {
      train: 211 + 3 * cycle,
      rate: last || !cpral ? 0 : 14.2,
      select: last || !cpral ? 0 : 18.9,
      annotate: last ? 0 : 2.1,
      extend: last || !cpral ? 0 : 6.4,
    },
    modelId: `model-${name}-${cycle}`,
    picked: last
      ? null
      : {
          pixels: 864_000,
          voidPixels: cpral ? 69_000 : 33_000,
          classPixels: picks,
          wrongPixels: cpral ? 350_000 : 155_000,
          overlap: { [cpral ? 'random' : 'cpral']: 0.054 },
        },
  };
}
