// The list of campaigns, and what stands in its place.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBoard } from '../support/board/board-page.ts';
import { startBoardServer } from '../support/board/board-server.ts';
import { makeDetail, summaryOf } from '../support/board/campaigns.ts';
import { launchChromium } from '../support/chromium.ts';
import { problem } from '../support/label-server.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

describe('the list of campaigns', () => {
  it('shows of each what it does, how far it is, what is left and how good it is', async () => {
    await using server = await startBoardServer();
    await using board = await openBoard(browser, server);
    const row = board.page.locator('[data-campaign="streets-cpral"]');
    await row.getByText('Rating images').waitFor();
    const text = (await row.textContent())!.replaceAll(/\s+/g, ' ');
    for (const part of [
      'cpral on CamVid',
      'Running',
      'cycle 3 of 5',
      '25 %',
      '96 of 384',
      '2 min left of this step, 1 h 7 min in all',
      '22 %',
    ])
      expect(text).toContain(part);
    const mious = server.data.campaigns[0]!.mious.map((miou) => miou.toFixed(3));
    expect(text).toContain(mious.at(-1));
    expect(await row.getByRole('img').getAttribute('aria-label')).toBe(`mIoU by cycle: ${mious.join(', ')}`);
    expect(Number(await row.getByRole('progressbar').getAttribute('value'))).toBe(0.25);
  });

  it('says why a campaign failed, that a paused one waits, and that people are waited for', async () => {
    await using server = await startBoardServer();
    await using board = await openBoard(browser, server);
    await board.page.getByText('its ranking loss is not finite').waitFor();
    await board.page
      .locator('[data-campaign="streets-core-set"]')
      .getByText(/no new work until it is resumed/)
      .waitFor();
    await board.page
      .locator('[data-campaign="harbour-people"]')
      .getByText(/waits for annotators/)
      .waitFor();
  });

  it('shows queue and workers as the server counts them', async () => {
    await using server = await startBoardServer();
    await using board = await openBoard(browser, server);
    await board.page.getByRole('row', { name: 'Rating 8 2 0' }).waitFor();
    await board.page.getByRole('row', { name: 'scorer-7f4c Rating streets-cpral 38 %' }).waitFor();
    server.push('/events', 'work', { queues: [], workers: [], truncated: false });
    await board.page.getByText('No worker holds work right now.').waitFor();
  });

  it('follows the events of the server, of new campaigns too', async () => {
    await using server = await startBoardServer();
    await using board = await openBoard(browser, server);
    await board.page.getByText('2 of 5 running').waitFor();
    const known = summaryOf(server.data.campaigns[0]!);
    server.push('/events', 'campaign', {
      ...known,
      step: 'annotate',
      progress: { ...known.progress, unitsDone: 7, unitsTotal: 10 },
    });
    await board.page.locator('[data-campaign="streets-cpral"]').getByText('70 % · 7 of 10').waitFor();
    server.push('/events', 'campaign', { ...known, campaignId: 'brand-new', createdAt: '2026-11-21T08:00:00Z' });
    await board.page.locator('[data-campaign="brand-new"]').waitFor();
    expect(await board.page.locator('[data-campaign]').first().getAttribute('data-campaign')).toBe('brand-new');
  });

  it('says when the connection is lost, keeps the last numbers, and comes back by itself', async () => {
    await using server = await startBoardServer();
    await using board = await openBoard(browser, server);
    await board.page.getByText('Live', { exact: true }).waitFor();
    server.answers.set('GET /events', problem(503, 'Out of order', ''));
    server.cutEvents();
    await board.page.getByText('Connection lost').waitFor();
    await board.page.getByText('96 of 384').first().waitFor();
    server.answers.delete('GET /events');
    await board.page.getByText('Live', { exact: true }).waitFor();
  });

  it('that is empty explains the two ways to begin, and fills itself when one was gone', async () => {
    await using server = await startBoardServer({ campaigns: [] });
    await using board = await openBoard(browser, server);
    await board.page.getByRole('heading', { name: 'Run the demo' }).waitFor();
    await board.page.getByText('npm run demo').waitFor();
    server.push('/events', 'campaign', summaryOf(makeDetail()));
    await board.page.locator('[data-campaign="streets-cpral"]').waitFor();
    server.data.campaigns = [];
    await board.page.reload();
    await board.page.getByRole('main').getByRole('link', { name: 'Import images' }).click();
    await board.page.getByRole('heading', { name: 'Import images' }).waitFor();
  });

  it('is announced while it loads', async () => {
    await using server = await startBoardServer();
    let open = () => {};
    server.held.set(
      'GET /campaigns',
      new Promise((resolve) => {
        open = resolve;
      }),
    );
    await using board = await openBoard(browser, server);
    await board.page.getByText('The list of campaigns is loading').waitFor({ state: 'attached' });
    open();
    await board.page.locator('[data-campaign="streets-cpral"]').waitFor();
  });

  it('that cannot be loaded says so and can be asked again', async () => {
    await using server = await startBoardServer();
    server.answers.set('GET /campaigns', problem(500, 'Out of order', 'the registry is away'));
    await using board = await openBoard(browser, server);
    await board.page.getByText('Out of order: the registry is away').waitFor();
    server.answers.delete('GET /campaigns');
    await board.page.getByRole('button', { name: 'Try again' }).click();
    await board.page.locator('[data-campaign="streets-cpral"]').waitFor();
  });

  it('leads to a campaign by a click anywhere in its row, and by the keyboard', async () => {
    await using server = await startBoardServer();
    await using board = await openBoard(browser, server);
    await board.page.locator('[data-campaign="streets-random"]').getByText('Finished').click({ force: true });
    await board.page.getByRole('heading', { name: 'streets-random', level: 1 }).waitFor();
    await board.page.goBack();
    await board.page.getByRole('link', { name: 'harbour-people' }).press('Enter');
    await board.page.getByRole('heading', { name: 'harbour-people', level: 1 }).waitFor();
  });

  it('an address that leads nowhere says so', async () => {
    await using server = await startBoardServer();
    await using board = await openBoard(browser, server, { at: '/no/such/page' });
    await board.page.getByRole('heading', { name: 'There is no such page' }).waitFor();
  });
});
