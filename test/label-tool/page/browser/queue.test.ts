// Regions come one after the other, to one annotator each.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { startLabelServer } from '../support/label-server.ts';
import { makeTask } from '../support/task-rules.ts';
import { openWorkbench } from '../support/workbench-page.ts';

const WINDOW = { top: 40, left: 60, height: 48, width: 64 };
const PIXELS = 48 * 64;

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

const two = () => startLabelServer(['t1', 't2'].map((taskId) => makeTask({ taskId, window: WINDOW })));

describe('the queue', () => {
  it('gives two annotators different regions', async () => {
    await using server = await two();
    const ada = await openWorkbench(browser, server, { window: WINDOW, name: 'Ada' });
    await ada.ready();
    const grace = await openWorkbench(browser, server, { window: WINDOW, name: 'Grace' });
    await grace.ready();
    expect([...server.tasks.values()].map(({ task }) => task.annotator)).toEqual(['Ada', 'Grace']);
    await ada.context.close();
    await grace.context.close();
  });

  it('gets a region back when its page is closed', async () => {
    await using server = await two();
    const { page, ready, context } = await openWorkbench(browser, server, { window: WINDOW });
    await ready();
    expect(server.tasks.get('t1')!.task.state).toBe('leased');
    await page.close({ runBeforeUnload: true });
    await expect.poll(() => server.tasks.get('t1')!.task.state).toBe('open');
    await context.close();
  });

  it('refuses nothing and submits nothing while a pixel is unlabelled, but leads to it', async () => {
    await using server = await two();
    const { page, ready, context } = await openWorkbench(browser, server, { window: WINDOW });
    await ready();
    await page.keyboard.press('r');
    await page.keyboard.press('e');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Space');
    await page.keyboard.press('Control+Enter');
    await page.getByText(/Not complete yet/).waitFor();
    expect(server.requests.filter((line) => line.endsWith('/submit'))).toEqual([]);
    await page.keyboard.press('r');
    await page.getByText('Complete', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Submit and next' }).click();
    await expect.poll(() => server.tasks.get('t2')!.task.state).toBe('leased');
    expect(server.tasks.get('t1')!.task.state).toBe('submitted');
    await context.close();
  });

  it('takes a region marked as ignore as complete', async () => {
    await using server = await two();
    const { page, ready, context } = await openWorkbench(browser, server, { window: WINDOW });
    await ready();
    await page.getByText('Ignore').click();
    await page.getByRole('button', { name: 'Fill the rest' }).click();
    await page.getByRole('button', { name: 'Submit and next' }).click();
    await expect.poll(() => server.tasks.get('t1')!.task.state).toBe('submitted');
    expect(server.mask('t1')).toEqual(new Uint8Array(PIXELS).fill(254));
    await context.close();
  });

  it('learns why a region was skipped', async () => {
    await using server = await two();
    const { page, ready, context } = await openWorkbench(browser, server, { window: WINDOW });
    await ready();
    await page.getByRole('button', { name: 'Skip' }).click();
    await page.getByLabel('Something else').check();
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByRole('button', { name: 'Skip' }).isDisabled()).toBe(true);
    await page.getByLabel('In your words').fill('A raindrop covers it');
    await dialog.getByRole('button', { name: 'Skip' }).click();
    await expect.poll(() => server.tasks.get('t1')!.skipReason).toBe('A raindrop covers it');
    await expect.poll(() => server.tasks.get('t2')!.task.state).toBe('leased');
    await context.close();
  });

  it('brings a returned region first, with the note of its reviewer and the labels it had', async () => {
    const returned = { note: 'The kerb belongs to the pavement.', by: 'Grace' };
    const draft = new Uint8Array(PIXELS).fill(3);
    await using server = await startLabelServer([
      makeTask({ taskId: 't1', window: WINDOW }),
      makeTask({ taskId: 't2', window: WINDOW, returned, annotator: 'Ada', draft }),
    ]);
    const { page, ready, context } = await openWorkbench(browser, server, { window: WINDOW });
    await ready();
    await page.getByText('Sent back by Grace').waitFor();
    await page.getByText('The kerb belongs to the pavement.').waitFor();
    await page.getByText('Complete', { exact: true }).waitFor();
    expect(server.tasks.get('t2')!.task.state).toBe('leased');
    await context.close();
  });

  it('keeps a lease for as long as the page is open', async () => {
    await using server = await startLabelServer([makeTask({ taskId: 't1', window: WINDOW, leaseMs: 6_500 })]);
    const { ready, context } = await openWorkbench(browser, server, { window: WINDOW });
    await ready();
    await expect
      .poll(() => server.requests.filter((line) => line.endsWith('/renew')).length, { timeout: 20_000 })
      .toBeGreaterThan(1);
    expect(server.tasks.get('t1')!.task.state).toBe('leased');
    await context.close();
  });

  it('that fails says so and can be asked again', async () => {
    await using server = await two();
    server.failing = 503;
    const { page, ready, context } = await openWorkbench(browser, server, { window: WINDOW });
    await page.getByText('Out of order: the store is away').waitFor();
    server.failing = undefined;
    await page.getByRole('button', { name: 'Try again' }).click();
    await ready();
    await context.close();
  });

  it('asks the server of the page for everything, and nobody else', async () => {
    await using server = await two();
    const { page, ready, context } = await openWorkbench(browser, server, { window: WINDOW });
    const strangers: string[] = [];
    const complaints: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(server.url)) strangers.push(request.url());
    });
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    await page.reload();
    await ready();
    await page.keyboard.press('p');
    expect(strangers).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe('the other screens', () => {
  it('are one click away, and leaving sends what is drawn and gives the region back', async () => {
    await using server = await two();
    const { page, ready, stroke, context } = await openWorkbench(browser, server, { window: WINDOW });
    await ready();
    await page.keyboard.press('b');
    await stroke([10, 10], [40, 10]);
    await page.getByRole('link', { name: 'All campaigns' }).click();
    await expect.poll(() => server.tasks.get('t1')!.task.state).toBe('open');
    expect(server.mask('t1').filter((id) => id !== 255).length).toBeGreaterThan(0);
    await page.goBack();
    await ready();
    await expect.poll(() => server.tasks.get('t1')!.task.state).toBe('leased');
    await page.getByRole('button', { name: /px left/ }).waitFor();
    await context.close();
  });

  it('take no region while they are shown, also where the queue was empty before', async () => {
    await using server = await startLabelServer([]);
    const { page, context } = await openWorkbench(browser, server, { window: WINDOW });
    await page.getByText('Nothing to label right now').waitFor();
    await page.getByRole('link', { name: 'All campaigns' }).click();
    await page.getByRole('button', { name: 'Try again' }).waitFor();
    const leases = () => server.requests.filter((line) => line.endsWith('/lease')).length;
    const before = leases();
    await page.clock.install();
    await page.clock.fastForward(60_000);
    expect(leases()).toBe(before);
    await context.close();
  });

  it('are not in the way of a link to one campaign: it leads to the labelling', async () => {
    await using server = await two();
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${server.url}?campaign=street-scenes`);
    await page.getByLabel('Your name').fill('Ada');
    await page.getByRole('button', { name: 'Start' }).click();
    await expect.poll(() => server.tasks.get('t1')!.task.state).toBe('leased');
    await context.close();
  });
});
