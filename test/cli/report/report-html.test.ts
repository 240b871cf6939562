import { describe, expect, it } from 'vitest';
import { pickRatios } from '../../../services/cli/report/charts/picked-classes.ts';
import type { SelectionPictures } from '../../../services/cli/report/pictures/picture.ts';
import type { Report } from '../../../services/cli/report/report.ts';
import { reportHtml } from '../../../services/cli/report/report-html.ts';
import { campaignFixture, reportFixture } from '../support/report-fixture.ts';

const PIXEL = 'data:image/webp;base64,UklGRg==';
const picture = (changes: Partial<SelectionPictures> = {}): SelectionPictures => ({
  cycle: 0,
  imageId: 'train/0001',
  rank: 0,
  score: 431.2,
  regionCount: 3,
  aspect: 0.75,
  selection: PIXEL,
  entropy: PIXEL,
  given: PIXEL,
  extended: PIXEL,
  ...changes,
});
const render = (report: Report = reportFixture(), pictures: readonly SelectionPictures[] = [picture()]) =>
  reportHtml(report, pictures);

describe('report.html', () => {
  it('asks for nothing outside itself', async () => {
    const page = await render();
    // Names of XML namespaces are never fetched.
    const text = page.replaceAll(/xmlns(:xlink)?="[^"]*"/g, '');
    expect(text).not.toMatch(/https?:|url\(|@import|<link|<script|<iframe|srcset/);
    expect([...text.matchAll(/(?:src|href)="([^"]{0,5})/g)].every(([, start]) => start === 'data:')).toBe(true);
    expect(page).toContain(`content="default-src &#39;none&#39;; img-src data:; style-src &#39;unsafe-inline&#39;"`);
  });

  it('escapes names that come from a dataset', async () => {
    const fixture = reportFixture();
    const name = '<img src=x onerror="alert(1)">';
    const dataset = {
      ...fixture.dataset,
      name,
      classes: fixture.dataset.classes.map((each) => ({ ...each, name, color: 'red;}</style>' })),
    };
    const page = await render({ ...fixture, dataset }, [picture({ imageId: name })]);
    expect(page).not.toContain('<img src=x');
    expect(page).not.toContain('red;}');
  });

  it('shows the curve, the cycles, the pictures, the classes, the picks and the time', async () => {
    const page = await render();
    for (const title of [
      'Learning curve',
      'Cycles',
      'What CPRAL selected, and why',
      'Classes',
      'What was picked',
      'Time',
      'Settings',
    ]) {
      expect(page).toContain(`<h2>${title}</h2>`);
    }
    expect(page.match(/<svg /g)).toHaveLength(4);
    // One of cycles for each campaign, and one of what was picked.
    expect(page.match(/<table>/g)).toHaveLength(3);
    expect(page).toContain('Rare are pole, sign, fence, pedestrian, bicyclist: 6.6\u202f% of the pool.');
  });

  it('draws each model of the curve with its number, and the lines of all labels', async () => {
    const page = await render();
    for (const miou of ['0.589', '0.561', '0.553', 'all labels 0.612', '95 %', '90 %'])
      expect(page).toContain(`>${miou}</text>`);
  });

  it('has a text for every picture and every drawing', async () => {
    const page = await render();
    expect(page.match(/<img /g)).toHaveLength(4);
    expect(page.match(/<img [^>]*alt="[^"]+"/g)).toHaveLength(4);
    expect(page.match(/<svg role="img" aria-label="[^"]+"/g)).toHaveLength(4);
    expect(page).toContain('<html lang="en">');
  });

  it('says rank and score of what was picked', async () => {
    expect(await render()).toContain('<b>train/0001</b>: 3 regions, the best at rank 1, score 431');
  });

  it('leaves out pictures that a strategy does not have', async () => {
    const page = await render(reportFixture(), [picture({ entropy: null, extended: null })]);
    expect(page.match(/<img /g)).toHaveLength(2);
    expect(page).not.toContain('After extension</span>');
    expect(await render(reportFixture(), [])).not.toContain('and why</h2>');
  });

  it('stands without a control, without all labels and without ground truth of the pool', async () => {
    const fixture = reportFixture({ full: null, campaigns: [campaignFixture('cpral', [0.4])] });
    const pool = { countedImages: 0, classShare: [], voidShare: 0 };
    const page = await render({ ...fixture, dataset: { ...fixture.dataset, pool } }, []);
    expect(page).not.toMatch(/NaN|undefined|Infinity|null/);
    expect(page).not.toContain('What was picked');
  });

  it('writes no number that is none', async () => {
    expect(await render()).not.toMatch(/NaN|undefined|Infinity/);
  });
});

describe('how often a class was picked', () => {
  const campaign = campaignFixture('random', [0.4, 0.5]);
  const picks = (classPixels: number[]) => ({
    ...campaign,
    cycles: campaign.cycles.map((cycle, at) => ({
      ...cycle,
      picked: at === 0 ? { pixels: 10, voidPixels: 0, classPixels, wrongPixels: null, overlap: {} } : null,
    })),
  });

  it('is its share among the picks over its share in the pool', () => {
    expect(pickRatios(picks([25, 75]), [0.5, 0.5])).toEqual([0.5, 1.5]);
  });

  it('is nothing for a class that the pool does not have, or where nothing was picked', () => {
    expect(pickRatios(picks([0, 10]), [0, 1])).toEqual([null, 1]);
    expect(pickRatios(picks([0, 0]), [0.5, 0.5])).toEqual([null, null]);
  });
});
