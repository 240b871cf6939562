// The dashboard before the label tool's own server and a registry: what is tested elsewhere against a server from memory holds here too.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CampaignDetail, CampaignList } from '../../../../services/label-tool/dashboard-types.ts';
import { encodeMask, encodeRgb } from '../../../../services/shared/images/images.ts';
import { startTestRegistry, type TestRegistry } from '../../../support/registry.ts';
import { startTestLabelTool, type TestLabelTool } from '../../support/label-tool.ts';
import { openBoard } from '../support/board/board-page.ts';
import { launchChromium } from '../support/chromium.ts';

const SIZE = { height: 48, width: 64 };

let browser: Browser;
let registry: TestRegistry;
let tool: TestLabelTool;
let folder: string;

beforeAll(async () => {
  browser = await launchChromium();
  registry = await startTestRegistry();
  tool = await startTestLabelTool(registry.address);
  folder = path.join(await mkdtemp(path.join(tmpdir(), 'cpral-board-')), 'harbour');
  for (const [split, count] of [
    ['train', 4],
    ['val', 1],
  ] as const) {
    for (const kind of ['images', 'labels']) await mkdir(path.join(folder, split, kind), { recursive: true });
    for (let i = 0; i < count; i++) {
      const pixels = SIZE.height * SIZE.width;
      const image = await encodeRgb({ ...SIZE, data: new Uint8Array(pixels * 3).fill(10 + i) });
      const mask = await encodeMask({ ...SIZE, data: new Uint8Array(pixels).map((_, at) => at % 2) });
      await writeFile(path.join(folder, split, 'images', `${i}.png`), image);
      await writeFile(path.join(folder, split, 'labels', `${i}.png`), mask);
    }
  }
  await writeFile(path.join(folder, 'classes.txt'), 'water\nquay\n');
});
afterAll(async () => {
  await browser?.close();
  await tool?.close();
  await registry?.close();
  if (folder) await rm(path.dirname(folder), { recursive: true, force: true });
});

describe('before its own server', () => {
  it('images are imported, a campaign is made of them, found in the list, paused and stopped', async () => {
    await using board = await openBoard(browser, tool);
    const { page } = board;
    await page.getByText('npm run demo').waitFor();
    await page.getByRole('main').getByRole('link', { name: 'Import images' }).click();
    await page.getByLabel('Folder').setInputFiles(folder);
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByRole('heading', { name: 'harbour is imported' }).waitFor();

    await page.getByRole('link', { name: 'New campaign on it' }).click();
    await page.getByText('4 images to choose from, 1 image to measure on, 2 classes').waitFor();
    await page.getByLabel('Name', { exact: true }).fill('harbour-first');
    await page.getByLabel('A simulation').check();
    await page.getByLabel('Cycles', { exact: true }).fill('2');
    await page.getByLabel('Initial images').fill('1');
    await page.getByLabel('Budget a cycle').fill('1');
    await page.getByLabel('Subset').fill('2');
    await page.getByText('Finer settings').click();
    await page.getByLabel('Height, px').fill('48');
    await page.getByLabel('Width, px').fill('64');
    await page.getByLabel('First weights').selectOption('random');
    const cost = page.getByRole('region', { name: 'What it would cost' });
    await cost.getByText('1 image of 4, 3,072 px').waitFor();
    await page.getByRole('button', { name: 'Start the campaign' }).click();

    await page.getByRole('heading', { name: 'harbour-first', level: 1 }).waitFor();
    const campaign = await tool.get<CampaignDetail>('/campaigns/harbour-first');
    expect(campaign.settings).toMatchObject({ size: SIZE, initialImages: 1, budgetImages: 1, subsetImages: 2 });
    expect(campaign).toMatchObject({ annotator: 'simulated', cycles: 2, state: 'running' });
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('Paused', { exact: true }).waitFor();
    expect((await tool.get<CampaignDetail>('/campaigns/harbour-first')).state).toBe('paused');
    for (const part of ['Classes', 'Selection', 'Cost and gain', 'Work and models', 'Overview'])
      await page.getByRole('link', { name: part, exact: true }).click();
    await page.getByText('The first model is not trained yet').waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('button', { name: 'Stop the campaign' }).click();
    await page.getByText('Stopped', { exact: true }).waitFor();

    await page.getByRole('link', { name: 'All campaigns' }).click();
    await page.locator('[data-campaign="harbour-first"]').getByText('Stopped').waitFor();
    const { campaigns } = await tool.get<CampaignList>('/campaigns');
    expect(campaigns.map(({ campaignId, state }) => [campaignId, state])).toEqual([['harbour-first', 'cancelled']]);
    expect(board.strangers).toEqual([]);
    // While the form is half filled, its preview may be refused.
    expect(board.complaints.filter((each) => !/400 .*\/campaigns\/preview$/.test(each))).toEqual([]);
  });
});
