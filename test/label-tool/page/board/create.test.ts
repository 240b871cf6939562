// A new campaign by the form.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBoard } from '../support/board/board-page.ts';
import { startBoardServer } from '../support/board/board-server.ts';
import { FORM } from '../support/board/forms.ts';
import { launchChromium } from '../support/chromium.ts';
import { problem } from '../support/label-server.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

describe('the form of a new campaign', () => {
  it('shows what it would cost, and again whenever something is changed', async () => {
    await using server = await startBoardServer();
    await using board = await openBoard(browser, server, { at: '/new' });
    const { page } = board;
    const cost = page.getByRole('region', { name: 'What it would cost' });
    await cost.getByText('40 images of 367, 1,728,000 px').waitFor();
    await cost.getByText('1,633 regions, 864,000 px').waitFor();
    await cost.getByText('27 %').waitFor();
    await cost.getByText('5 h', { exact: true }).waitFor();
    await page.getByLabel('Cycles', { exact: true }).fill('2');
    await cost.getByText('16 %').waitFor();
    await page.getByLabel('Strategy', { exact: true }).selectOption('random');
    await page.getByText('Takes images by lot, the control of every comparison. Whole images are labelled.').waitFor();
    await cost.getByText('20 whole images, 864,000 px').waitFor();
    await page.getByLabel('A simulation').check();
    await cost.getByText('Time of people').waitFor({ state: 'detached' });
    await expect
      .poll(() => server.sent('POST /campaigns/preview').at(-1))
      .toEqual({
        datasetId: 'camvid-1',
        preset: 'camvid',
        strategy: 'random',
        annotator: 'simulated',
        cycles: 2,
      });
  });

  it('sends what was chosen, once, and leads to the campaign', async () => {
    await using server = await startBoardServer();
    await using board = await openBoard(browser, server, { at: '/new' });
    const { page } = board;
    await page.getByLabel('Name', { exact: true }).fill('second-try');
    await page.getByLabel('Budget a cycle').fill('12.5');
    await page.getByLabel('Every label waits for a reviewer').check();
    await page.getByLabel('Gold regions, %').fill('5');
    await page.getByText('Finer settings').click();
    await page.getByLabel('Encoder').selectOption('drn-d-22');
    await page.getByLabel('First weights').selectOption('random');
    await page.getByRole('button', { name: 'Start the campaign' }).click();
    await page.getByRole('heading', { name: 'streets-cpral', level: 1 }).waitFor();
    expect(server.sent('POST /campaigns')).toEqual([
      {
        requestId: expect.stringMatching(/^[0-9a-f]{32}$/),
        campaignId: 'second-try',
        datasetId: 'camvid-1',
        preset: 'camvid',
        strategy: 'cpral',
        annotator: 'people',
        budgetImages: 12.5,
        encoder: 'drn-d-22',
        pretrained: false,
        annotation: { review: true, goldShare: 0.05 },
      },
    ]);
  });

  it('says at the field what is wrong with it, asks the server nothing meanwhile, and leads to it', async () => {
    await using server = await startBoardServer();
    await using board = await openBoard(browser, server, { at: '/new' });
    const { page } = board;
    await page.getByText('Labelled at the end').waitFor();
    const cycles = page.getByLabel('Cycles', { exact: true });
    const asked = server.sent('POST /campaigns/preview').length;
    await cycles.fill('0.5');
    await page.getByText('Some fields have to be corrected first.').waitFor();
    await page.getByRole('button', { name: 'Start the campaign' }).click();
    expect(await cycles.getAttribute('aria-invalid')).toBe('true');
    const says = await cycles.getAttribute('aria-describedby');
    expect(await page.locator(`[id="${says}"]`).textContent()).toBe('Expected a whole number');
    expect(await page.evaluate('document.activeElement.ariaInvalid')).toBe('true');
    expect(server.sent('POST /campaigns')).toEqual([]);
    expect(server.sent('POST /campaigns/preview')).toHaveLength(asked);
  });

  it('shows what the server refuses at its field, also of a nested one', async () => {
    await using server = await startBoardServer();
    const refusal = {
      title: 'Invalid',
      status: 400,
      detail: 'expected at most 367 images, got 4000',
      field: 'initialImages',
    };
    server.answers.set('POST /campaigns/preview', {
      status: 400,
      type: 'application/problem+json',
      body: Buffer.from(JSON.stringify(refusal)),
    });
    await using board = await openBoard(browser, server, { at: '/new' });
    const { page } = board;
    await page.getByText(refusal.detail, { exact: true }).waitFor();
    expect(await page.getByLabel('Initial images').getAttribute('aria-invalid')).toBe('true');
    server.answers.delete('POST /campaigns/preview');
    const gold = { ...refusal, detail: 'expected validation images with known labels', field: 'annotation.goldShare' };
    server.answers.set('POST /campaigns', {
      status: 400,
      type: 'application/problem+json',
      body: Buffer.from(JSON.stringify(gold)),
    });
    await page.getByLabel('Gold regions, %').fill('5');
    await page.getByRole('button', { name: 'Start the campaign' }).click();
    await page.getByText(gold.detail, { exact: true }).waitFor();
    expect(await page.getByLabel('Gold regions, %').getAttribute('aria-invalid')).toBe('true');
  });

  it('is sent again with the same id after a lost answer, and with another one after a change', async () => {
    await using server = await startBoardServer();
    server.answers.set('POST /campaigns', problem(500, 'Out of order', ''));
    await using board = await openBoard(browser, server, { at: '/new' });
    const { page } = board;
    const start = page.getByRole('button', { name: 'Start the campaign' });
    const ids = () => server.sent('POST /campaigns').map((body) => (body as { requestId: string }).requestId);
    for (const times of [1, 2]) {
      await start.click();
      await page.getByText('Out of order').waitFor();
      await expect.poll(() => ids().length).toBe(times);
      await expect.poll(() => start.isEnabled()).toBe(true);
    }
    await page.getByLabel('Name', { exact: true }).fill('another');
    await start.click();
    await expect.poll(() => ids().length).toBe(3);
    expect(ids()[1]).toBe(ids()[0]);
    expect(ids()[2]).not.toBe(ids()[0]);
  });

  it('does not offer a simulation where nobody knows the labels', async () => {
    await using server = await startBoardServer();
    await using board = await openBoard(browser, server, { at: '/new?dataset=harbour-1' });
    await board.page.getByText(/without known labels, so people have to answer/).waitFor();
    expect(await board.page.getByLabel('A simulation').isDisabled()).toBe(true);
  });

  it('leads to the import where there is no dataset', async () => {
    await using server = await startBoardServer({ form: { ...FORM, datasets: [] } });
    await using board = await openBoard(browser, server, { at: '/new' });
    await board.page.getByRole('heading', { name: 'A campaign needs images' }).waitFor();
    await board.page.getByRole('main').getByRole('link', { name: 'Import images' }).click();
    await board.page.getByRole('heading', { name: 'Import images' }).waitFor();
  });
});
