// What the dashboard computes before it draws.
import { describe, expect, it } from 'vitest';
import type { UploadFile } from '../../../../services/label-tool/page/client/upload-file.ts';
import { classShares } from '../../../../services/label-tool/page/dashboard/campaign/class-shares.ts';
import { cycleCosts } from '../../../../services/label-tool/page/dashboard/campaign/cost-gain.ts';
import {
  controlOf,
  learningPoints,
  references,
} from '../../../../services/label-tool/page/dashboard/campaign/learning-curve.ts';
import { rowShares } from '../../../../services/label-tool/page/dashboard/campaign/row-shares.ts';
import { firstText, parseForm } from '../../../../services/label-tool/page/dashboard/create/draft-form.ts';
import { batchesOf, withoutLitter } from '../../../../services/label-tool/page/dashboard/import/batches.ts';
import { bytesText, durationText, percentText } from '../../../../services/label-tool/page/plot/numbers.ts';
import { pointsOf } from '../../../../services/label-tool/page/plot/sparkline-points.ts';
import { reviewQueue } from '../../../../services/label-tool/page/review/review-queue.ts';
import { COMPARISON, makeDetail } from '../support/board/campaigns.ts';
import { makeCycle } from '../support/board/cycles.ts';
import { FORM } from '../support/board/forms.ts';
import { makeReviews } from '../support/board/reviews.ts';

describe('numbers', () => {
  it('a share that is there is never written as 0', () => {
    expect([0, 0.0004, 0.012, 0.0999, 0.218, 1].map(percentText)).toEqual([
      '0 %',
      '< 0.1 %',
      '1.2 %',
      '10.0 %',
      '22 %',
      '100 %',
    ]);
  });

  it('a time has the two units that matter', () => {
    expect([0.2, 42, 95, 3_600, 4_020, 200_000].map(durationText)).toEqual([
      '< 1 s',
      '42 s',
      '2 min',
      '1 h',
      '1 h 7 min',
      '2 d 7 h',
    ]);
  });

  it('sizes are decimal, as disks are sold', () => {
    expect([0, 999, 1_000, 12_345_678, 450_000_000_000].map(bytesText)).toEqual([
      '0 B',
      '999 B',
      '1.0 kB',
      '12.3 MB',
      '450 GB',
    ]);
  });
});

describe('the learning curve', () => {
  const campaign = makeDetail();

  it('takes the random campaign that differs in nothing else as the control, and no other', () => {
    expect(controlOf(COMPARISON)?.campaignId).toBe('streets-random');
    const others = COMPARISON.others.map((other) => ({ ...other, matches: false }));
    expect(controlOf({ ...COMPARISON, others })).toBeUndefined();
    expect(controlOf(undefined)).toBeUndefined();
  });

  it('has a point for each trained cycle, and none for one that is not', () => {
    const untrained = { ...makeCycle({ cycle: 3, quality: 0.7 }), evaluation: null };
    const points = learningPoints({
      campaign: { ...campaign, cycleList: [...campaign.cycleList, untrained] },
      comparison: undefined,
      compared: undefined,
    });
    expect(points.map(({ miou }) => miou)).toEqual(campaign.mious);
  });

  it('draws p95 and p90 as shares of the best matching reference, and nothing where there is none', () => {
    const full = COMPARISON.full[0]!.miou;
    expect(references(COMPARISON).map(({ miou }) => miou)).toEqual([full, 0.95 * full, 0.9 * full]);
    expect(references({ ...COMPARISON, full: [] })).toEqual([]);
  });

  it('a sparkline goes from its lowest value at the bottom to its highest at the top', () => {
    const size = { width: 108, height: 28 };
    expect(pointsOf([0.25, 0.375, 0.5], [0.25, 0.5], size)).toEqual([
      { x: 4, y: 24 },
      { x: 54, y: 14 },
      { x: 104, y: 4 },
    ]);
    expect(pointsOf([null, 0.5], [0, 1], size)).toEqual([{ x: 104, y: 14 }]);
  });
});

describe('classes', () => {
  it('shares of what was picked and predicted are 1 in sum', () => {
    const { classes, cycleList } = makeDetail();
    const shares = classShares(classes, cycleList[0]!)!;
    expect(shares.reduce((sum, { picked }) => sum + picked, 0)).toBeCloseTo(1, 12);
    expect(shares.reduce((sum, { predicted }) => sum + predicted, 0)).toBeCloseTo(1, 12);
    expect(classShares(classes, cycleList.at(-1)!)).toBeUndefined();
  });

  it('rows of the confusion are shares of the true class, and an empty row stays 0', () => {
    expect(rowShares([3, 1, 0, 0], 2)).toEqual([0.75, 0.25, 0, 0]);
  });
});

describe('cost and gain', () => {
  it('hold the labels of a cycle against what the next model is better by', () => {
    const cycles = makeDetail().cycleList;
    const costs = cycleCosts(cycles);
    expect(costs.map(({ minutes }) => minutes)).toEqual([90, 80]);
    expect(costs.map(({ pixels }) => pixels)).toEqual([864_000, 864_000]);
    expect(costs[0]!.gain).toBe(cycles[1]!.evaluation!.miou - cycles[0]!.evaluation!.miou);
  });

  it('are not known before the next model is trained, nor of people where nobody was asked', () => {
    const cycles = makeDetail({ annotator: 'simulated' }).cycleList;
    const costs = cycleCosts([cycles[0]!, { ...cycles[1]!, evaluation: null }]);
    expect(costs).toEqual([{ cycle: 0, minutes: null, clicks: null, pixels: 864_000, gain: null }]);
  });
});

describe('the form', () => {
  const text = firstText(FORM, null);

  it('sends nothing of a field that is empty: the preset decides', () => {
    expect(parseForm(text, FORM)).toEqual({
      draft: {
        datasetId: 'camvid-1',
        preset: 'camvid',
        strategy: 'cpral',
        annotator: 'people',
        annotation: { review: false },
      },
      errors: {},
    });
  });

  it('turns percents into shares, of people or of the simulation alone', () => {
    const numbers = { goldShare: '5', oracleNoise: '10' };
    expect(parseForm({ ...text, numbers }, FORM).draft).toMatchObject({ annotation: { goldShare: 0.05 } });
    expect(parseForm({ ...text, numbers }, FORM).draft).not.toHaveProperty('oracleNoise');
    const simulated = parseForm({ ...text, numbers, annotator: 'simulated' }, FORM).draft;
    expect(simulated).toMatchObject({ oracleNoise: 0.1 });
    expect(simulated).not.toHaveProperty('annotation');
  });

  it.each([
    ['cycles', 'many', 'Expected a number'],
    ['cycles', '1.5', 'Expected a whole number'],
    ['cycles', '0', 'Expected 1 to 100'],
    ['goldShare', '101', 'Expected 0 to 100'],
  ])('refuses %s of "%s"', (field, typed, error) => {
    expect(parseForm({ ...text, numbers: { [field]: typed } }, FORM).errors).toEqual({ [field]: error });
  });

  it('begins with the dataset of the address where it is there', () => {
    expect(firstText(FORM, 'harbour-1').datasetId).toBe('harbour-1');
    expect(firstText(FORM, 'gone').datasetId).toBe('camvid-1');
  });
});

describe('an upload', () => {
  const fileOf = (path: string, size = 1): UploadFile => ({ path, file: { size } as File });

  it('leaves out what systems leave in folders', () => {
    const paths = ['set/.DS_Store', 'set/train/1.png', '__MACOSX/set/1.png', 'set/Thumbs.db', 'set/a.b/2.png'];
    expect(withoutLitter(paths.map((path) => fileOf(path))).map(({ path }) => path)).toEqual([
      'set/train/1.png',
      'set/a.b/2.png',
    ]);
  });

  it('goes in requests of a bounded number of files and bytes; one large file is one request', () => {
    const sizes = batchesOf(Array.from({ length: 130 }, (_, at) => fileOf(`${at}`))).map((batch) => batch.length);
    expect(sizes).toEqual([64, 64, 2]);
    const large = batchesOf([fileOf('a', 20e6), fileOf('b', 20e6), fileOf('c', 900e6), fileOf('d')]);
    expect(large.map((batch) => batch.map(({ path }) => path).join(''))).toEqual(['a', 'b', 'c', 'd']);
    expect(batchesOf([])).toEqual([]);
  });
});

describe('the review queue', () => {
  it('has what a confident model contradicts first, then the oldest', () => {
    const { tasks, suspicious } = makeReviews();
    const submitted = tasks.map(({ task }) => task);
    expect(reviewQueue(submitted, suspicious).map(({ task }) => task.taskId)).toEqual(['r2', 'r1', 'r3']);
  });

  it('knows the other label of the same window, and of no other', () => {
    const { tasks } = makeReviews();
    const queue = reviewQueue(
      tasks.map(({ task }) => task),
      [],
    );
    const others = Object.fromEntries(
      queue.map(({ task, others }) => [task.taskId, others.map(({ taskId }) => taskId)]),
    );
    expect(others).toEqual({ r1: ['r3'], r2: [], r3: ['r1'] });
  });

  it('leaves out what is suspicious and decided already', () => {
    const { suspicious } = makeReviews();
    const decided = suspicious.map(({ task, disagreement }) => ({
      task: { ...task, state: 'accepted' as const },
      disagreement,
    }));
    expect(reviewQueue([], decided)).toEqual([]);
  });
});
