// The dashboard for people who do not use a mouse, who need contrast, or who have a tablet; and for networks that reach no other server.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBoard, seriousFindings } from '../support/board/board-page.ts';
import { startBoardServer } from '../support/board/board-server.ts';
import { launchChromium } from '../support/chromium.ts';
import { problem } from '../support/label-server.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

/** Every screen by its address, and when it is there. */
const SCREENS: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  '/': (page) => page.getByRole('heading', { name: 'Workers' }).waitFor(),
  '/campaigns/streets-cpral': (page) => page.locator('.chart svg').nth(1).waitFor(),
  '/campaigns/streets-cpral/classes': (page) => page.locator('.chart svg').waitFor(),
  '/campaigns/streets-cpral/selection': (page) => page.locator('.gallery li').nth(2).waitFor(),
  '/campaigns/streets-cpral/cost': (page) => page.locator('.chart svg').waitFor(),
  '/campaigns/streets-cpral/work': (page) => page.getByText('12.3 MB').first().waitFor(),
  '/new': (page) => page.getByText('Labelled at the end').waitFor(),
  '/import': (page) => page.getByText('Choose a folder').waitFor(),
  '/review': (page) => page.locator('[data-map="ready"]').waitFor(),
};

async function go(page: Page, address: string): Promise<void> {
  await page.evaluate(`location.hash = ${JSON.stringify(address)}`);
  await SCREENS[address]!(page);
}

describe.each(['light', 'dark'] as const)('in the %s scheme', (colorScheme) => {
  it('axe finds nothing serious on any screen, as charts, tables, dialogs or errors', async () => {
    await using server = await startBoardServer();
    await using board = await openBoard(browser, server, { colorScheme });
    const { page } = board;
    const findings: Record<string, string[]> = {};
    for (const address of Object.keys(SCREENS)) {
      await go(page, address);
      findings[address] = await seriousFindings(page);
    }
    await page.keyboard.press('r');
    findings.sendBack = await seriousFindings(page);
    await page.keyboard.press('Escape');
    await go(page, '/campaigns/streets-cpral');
    await page.getByRole('button', { name: 'Learning curve as a table' }).click();
    await page.getByRole('button', { name: 'Stop' }).click();
    findings.stop = await seriousFindings(page);
    await page.keyboard.press('Escape');
    findings.table = await seriousFindings(page);
    await go(page, '/new');
    await page.getByLabel('Cycles', { exact: true }).fill('none');
    await page.getByText('Expected a number').waitFor();
    findings.wrongField = await seriousFindings(page);
    server.answers.set('GET /campaigns', problem(500, 'Out of order', ''));
    await page.evaluate('location.hash = "#/"');
    await page.getByRole('button', { name: 'Try again' }).waitFor();
    findings.failed = await seriousFindings(page);
    server.data.campaigns = [];
    server.answers.clear();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('npm run demo').waitFor();
    findings.firstVisit = await seriousFindings(page);
    expect(Object.entries(findings).filter(([, found]) => found.length > 0)).toEqual([]);
  });
});

describe('the pages', () => {
  it('ask their own server for everything, and nothing of them is refused by the policy of the page', async () => {
    await using server = await startBoardServer();
    await using board = await openBoard(browser, server);
    for (const address of Object.keys(SCREENS)) await go(board.page, address);
    expect(board.strangers).toEqual([]);
    expect(board.complaints).toEqual([]);
  });

  it.each([
    ['a tablet held upright', { width: 768, height: 1024 }],
    ['a small window', { width: 640, height: 800 }],
  ])('on %s scroll downwards alone', async (_, size) => {
    await using server = await startBoardServer();
    await using board = await openBoard(browser, server, { size });
    const wide: string[] = [];
    for (const address of Object.keys(SCREENS)) {
      await go(board.page, address);
      const overflow = '(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)(document.querySelector("main"))';
      if (await board.page.evaluate(overflow)) wide.push(address);
    }
    expect(wide).toEqual([]);
  });

  it('begin with a way past their head for the keyboard, and every place is reached by it', async () => {
    await using server = await startBoardServer();
    await using board = await openBoard(browser, server);
    const { page } = board;
    await SCREENS['/']!(page);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.tagName')).toBe('MAIN');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'streets-cpral', level: 1 }).waitFor();
    await page.getByRole('link', { name: 'Classes' }).press('Enter');
    await page.getByRole('heading', { name: 'IoU of each class over the cycles' }).waitFor();
  });

  it('have a title each, so that tabs and histories can be told apart', async () => {
    await using server = await startBoardServer();
    await using board = await openBoard(browser, server);
    await expect.poll(() => board.page.title()).toBe('CPRAL – campaigns');
    await go(board.page, '/review');
    await expect.poll(() => board.page.title()).toBe('CPRAL – review');
  });
});
