// Campaigns as the server would tell of them, with numbers that follow from each other.
import type {
  CampaignDetail,
  CampaignSummary,
  Comparison,
  CurvePoint,
} from '../../../../../services/label-tool/dashboard-types.ts';
import { SCENE_CLASSES } from '../scene.ts';
import { makeCycle, makeEvaluation, POOL_IMAGES } from './cycles.ts';

const NO_PROGRESS = { itemsDone: 0, itemsTotal: 0, unitsDone: 0, unitsTotal: 0, message: '', startedAt: null };

export function makeSummary(changes: Partial<CampaignSummary> = {}): CampaignSummary {
  return {
    campaignId: 'streets-cpral',
    etag: '"streets-cpral-1"',
    datasetId: 'camvid-1',
    datasetName: 'CamVid',
    strategy: 'cpral',
    annotator: 'people',
    seed: 7,
    state: 'running',
    step: 'rate',
    cycle: 2,
    cycles: 5,
    progress: {
      itemsDone: 3,
      itemsTotal: 12,
      unitsDone: 96,
      unitsTotal: 384,
      message: '',
      startedAt: '2026-11-20T10:00:00Z',
    },
    stepSecondsLeft: 95,
    secondsLeft: 4_020,
    pool: { unlabelled: 240, inAnnotation: 0, partlyLabelled: 85, fullyLabelled: 40, excluded: 2 },
    mious: [],
    labelledFraction: 0.218,
    error: '',
    createdAt: '2026-11-20T08:00:00Z',
    updatedAt: '2026-11-20T10:01:00Z',
    actions: { pause: true, resume: false, cancel: true },
    ...changes,
  };
}

export const QUALITIES = [0.5, 0.58, 0.64] as const;

/** In its third cycle: three models are trained, the third has not picked yet. */
export function makeDetail(changes: Partial<CampaignDetail> = {}): CampaignDetail {
  const people = changes.annotator !== 'simulated';
  const cycleList = QUALITIES.map((quality, cycle) =>
    makeCycle({ cycle, quality, people, last: cycle === QUALITIES.length - 1 }),
  );
  return {
    ...makeSummary(),
    mious: cycleList.map(({ evaluation }) => evaluation!.miou),
    labelledFraction: cycleList.at(-1)!.labelled.fraction,
    classes: SCENE_CLASSES,
    settings: {
      size: { height: 180, width: 240 },
      initialImages: 40,
      budgetImages: 20,
      subsetImages: 40,
      regionSizePx: 23,
      regionSpacingPx: 0,
      passes: 20,
      sigma: 2,
      oracleNoise: 0,
      encoder: 'mobilenetv2',
      batchSize: 4,
      steps: 600,
      epochs: 0,
      extends: true,
      annotation: people ? { review: true, secondOpinionShare: 0.1, goldShare: 0.05, leaseSeconds: 900 } : null,
    },
    cycleList,
    excludedImages: [{ imageId: '0006R0_f02910', cause: 'the image cannot be decoded', itemId: 'item-31' }],
    ...changes,
  };
}

export function summaryOf(detail: CampaignDetail): CampaignSummary {
  const { classes, settings, cycleList, excludedImages, ...summary } = detail;
  return summary;
}

const POINTS: readonly CurvePoint[] = [0.5, 0.54, 0.58, 0.61].map((quality, cycle) => ({
  cycle,
  pixels: (40 + 20 * cycle) * 180 * 240,
  fraction: (40 + 20 * cycle) / POOL_IMAGES,
  miou: makeEvaluation(quality).miou,
}));

export const COMPARISON: Comparison = {
  full: [{ campaignId: 'streets-full', miou: makeEvaluation(0.76).miou, seed: 7, matches: true }],
  others: [
    { campaignId: 'streets-random', strategy: 'random', seed: 7, state: 'succeeded', matches: true, points: POINTS },
    {
      campaignId: 'streets-entropy',
      strategy: 'entropy',
      seed: 3,
      state: 'succeeded',
      matches: false,
      points: POINTS.slice(0, 2),
    },
  ],
};

/** A board as a team has it after some weeks. */
export function makeCampaigns(): CampaignDetail[] {
  const done = makeDetail({ annotator: 'simulated' });
  const last = { progress: NO_PROGRESS, stepSecondsLeft: null, secondsLeft: null };
  return [
    makeDetail(),
    makeDetail({
      campaignId: 'harbour-people',
      etag: '"harbour-people-1"',
      datasetName: 'Harbour cameras',
      step: 'annotate',
      cycle: 0,
      progress: { ...NO_PROGRESS, itemsDone: 14, itemsTotal: 60, unitsDone: 14, unitsTotal: 60 },
      stepSecondsLeft: null,
      secondsLeft: null,
      mious: [0.412],
      labelledFraction: 0.041,
      createdAt: '2026-11-19T08:00:00Z',
    }),
    {
      ...done,
      ...last,
      campaignId: 'streets-random',
      strategy: 'random',
      state: 'succeeded',
      step: 'done',
      cycle: 3,
      cycles: 4,
      mious: POINTS.map(({ miou }) => miou),
      createdAt: '2026-11-18T08:00:00Z',
      actions: { pause: false, resume: false, cancel: false },
    },
    {
      ...done,
      ...last,
      campaignId: 'streets-entropy',
      strategy: 'entropy',
      state: 'failed',
      step: 'train',
      cycle: 1,
      seed: 3,
      mious: [POINTS[0]!.miou],
      labelledFraction: 0.109,
      error: 'the training of cycle 2 was given up: its ranking loss is not finite',
      createdAt: '2026-11-17T08:00:00Z',
      actions: { pause: false, resume: false, cancel: false },
    },
    {
      ...done,
      campaignId: 'streets-core-set',
      strategy: 'core-set',
      state: 'paused',
      step: 'select-centres',
      cycle: 1,
      mious: [POINTS[0]!.miou, 0.497],
      stepSecondsLeft: null,
      secondsLeft: null,
      createdAt: '2026-11-16T08:00:00Z',
      actions: { pause: false, resume: true, cancel: true },
    },
  ];
}
