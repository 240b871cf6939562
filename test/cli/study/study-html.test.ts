import { describe, expect, it } from 'vitest';
import { isAhead } from '../../../services/cli/study/claims.ts';
import { resultsCsv } from '../../../services/cli/study/results-csv.ts';
import { studyHtml } from '../../../services/cli/study/study-html.ts';
import { studyText } from '../../../services/cli/study/study-text.ts';
import { costTable, pickTable, resultTable } from '../../../services/cli/study/summary.ts';
import { armResults, figureResults, studyFixture } from '../support/study-fixture.ts';

const claims = [isAhead('CPRAL is above chance', { name: 'cpral' }, [{ name: 'random' }])];
const results = figureResults(
  [
    armResults('cpral', [
      [0.4, 0.5, 0.56],
      [0.42, 0.5, 0.58],
    ]),
    armResults('random', [
      [0.4, 0.45, 0.5],
      [0.42, 0.45, 0.52],
    ]),
  ],
  { claims, full: [0.6, 0.6] },
);

describe('the tables of a figure', () => {
  it('have the last mIoU, the area, the paired difference and where p90 and p95 are reached', () => {
    const { titles, rows } = resultTable(results);
    const cell = (row: number, title: string) => rows[row]![titles.indexOf(title)];
    expect(cell(0, 'mIoU')).toMatch(/^0\.570 ± 0\.127$/);
    expect(cell(0, 'ahead of random')).toBe('+6.0 ± 0.0');
    expect(cell(1, 'ahead of random')).toBe('–');
    expect(cell(0, 'of all labels')).toMatch(/^95\.0/);
    // The fixture labels 40, 60 and 80 of 367 images.
    expect(cell(0, 'p90 at')).toMatch(/^21\.8/);
    expect(cell(1, 'p90 at')).toBe('not reached');
    expect(rows[2]![0]).toBe('all labels');
  });

  it('count images, regions, pixels and extended pixels apart', () => {
    const [cpral, random] = costTable(results).rows;
    expect(cpral!.slice(3, 5)).toEqual(['114', '3\u202f266']);
    expect(random!.slice(3, 5)).toEqual(['80', '40']);
  });

  it('say what was picked without the noise of a training', () => {
    const [cpral, random] = pickTable(results, [2, 6]).rows;
    expect(Number.parseFloat(cpral![2]!)).toBeGreaterThan(Number.parseFloat(random![2]!));
    expect(cpral![3]).toBe('8.0 ± 0.0\u202f%');
  });
});

describe('report.html of a comparison', () => {
  it('asks for nothing outside itself', async () => {
    const page = await studyHtml(studyFixture([results]));
    const text = page.replaceAll(/xmlns(:xlink)?="[^"]*"/g, '');
    expect(text).not.toMatch(/https?:|url\(|@import|<link|<script|<iframe|srcset/);
  });

  it('sets the claim beside what was found', async () => {
    const page = await studyHtml(studyFixture([results]));
    expect(page).toMatch(/CPRAL is above chance<\/th><td class="up">holds<\/td><td>\+6\.0 ± 0\.0 against random/);
  });

  it('draws the curves, the differences, the classes and the time', async () => {
    const page = await studyHtml(studyFixture([results]));
    for (const label of [
      'mIoU over the labelled share',
      'Points of mIoU ahead of random',
      'IoU of each class',
      'Seconds of work',
    ]) {
      expect(page).toContain(`aria-label="${label}`);
    }
  });

  it('draws a panel for each setting', async () => {
    const panels = ['no noise', '20 % noise'];
    const arms = panels.flatMap((panel) => [
      armResults('cpral', [[0.4, 0.5]], panel),
      armResults('random', [[0.4, 0.4]], panel),
    ]);
    const page = await studyHtml(studyFixture([figureResults(arms)]));
    for (const panel of panels) expect(page).toContain(`>${panel}<`);
  });

  it('says what is missing and what failed', async () => {
    const page = await studyHtml(studyFixture([results], { missing: 3, failures: ['vaal, seed 2: diverged'] }));
    expect(page).toContain('3 campaigns are planned and not done');
    expect(page).toContain('vaal, seed 2: diverged');
  });

  it('of a figure without a finished campaign says so', async () => {
    const page = await studyHtml(studyFixture([figureResults([armResults('cpral', [])])]));
    expect(page).toContain('No campaign of it is done.');
  });
});

it('results.csv has a row for each model, with its labels, picks, seconds and class IoUs', () => {
  const [header, first, ...rest] = resultsCsv(studyFixture([results]))
    .trimEnd()
    .split('\n');
  const columns = header!.split(',');
  expect(columns.slice(0, 5)).toEqual(['figure', 'arm', 'panel', 'strategy', 'seed']);
  for (const name of ['miou', 'picked_wrong_pixels', 'train_seconds', 'iou_sky']) expect(columns).toContain(name);
  expect(first!.split(',')[columns.indexOf('miou')]).toBe('0.4');
  // Two arms of two seeds and three points, and two trainings on all labels.
  expect(1 + rest.length).toBe(2 * 2 * 3 + 2);
});

it('the terminal has the table and the verdicts', () => {
  const text = studyText(studyFixture([results]));
  expect(text).toContain('Figure 5: one of them');
  expect(text).toContain('- CPRAL is above chance: holds (+6.0 ± 0.0 against random)');
});
