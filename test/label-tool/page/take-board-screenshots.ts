// Takes the pictures of the dashboard's documentation: node test/label-tool/page/take-board-screenshots.ts
import path from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { openBoard } from './support/board/board-page.ts';
import { startBoardServer } from './support/board/board-server.ts';
import { launchChromium } from './support/chromium.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../../docs/images');
/** Of the palette: the pages are flat, so that nobody sees a difference. */
const COLORS = 128;
const DESKTOP = { width: 1280, height: 860 };
const TALL = { width: 1280, height: 1180 };
const TABLET = { width: 820, height: 1100 };

interface Shot {
  readonly name: string;
  readonly at: string;
  readonly colorScheme: 'light' | 'dark';
  readonly size: { readonly width: number; readonly height: number };
  act(page: Page): Promise<void>;
}

const SHOTS: readonly Shot[] = [
  {
    name: 'dashboard',
    at: '/',
    colorScheme: 'light',
    size: DESKTOP,
    act: (page) => page.getByRole('heading', { name: 'Workers' }).waitFor(),
  },
  {
    name: 'dashboard-campaign',
    at: '/campaigns/streets-cpral',
    colorScheme: 'dark',
    size: TALL,
    act: (page) => page.locator('.chart svg').nth(1).waitFor(),
  },
  {
    name: 'dashboard-classes',
    at: '/campaigns/streets-cpral/classes',
    colorScheme: 'light',
    size: TALL,
    act: (page) => page.locator('.chart svg').waitFor(),
  },
  {
    name: 'dashboard-selection',
    at: '/campaigns/streets-cpral/selection',
    colorScheme: 'light',
    size: DESKTOP,
    async act(page) {
      await page.getByRole('button', { name: 'More images' }).click();
      await page.getByText('Extended', { exact: true }).click();
      await page.locator('[data-map="ready"]').nth(5).waitFor();
    },
  },
  {
    name: 'dashboard-form',
    at: '/new',
    colorScheme: 'light',
    size: TABLET,
    act: (page) => page.getByText('Labelled at the end').waitFor(),
  },
  {
    name: 'review',
    at: '/review',
    colorScheme: 'dark',
    size: DESKTOP,
    async act(page) {
      await page.locator('[data-map="ready"]').waitFor();
      await page.keyboard.press('j');
      await page.locator('.opinions.two [data-map="ready"]').nth(1).waitFor();
    },
  },
];

const browser = await launchChromium();
const server = await startBoardServer();
for (const { name, at, colorScheme, size, act } of SHOTS) {
  const { page, context } = await openBoard(browser, server, { at, colorScheme, size, reviewer: 'Linus' });
  await act(page);
  const png = await page.screenshot();
  await sharp(png)
    .png({ palette: true, colours: COLORS, effort: 10 })
    .toFile(path.join(FOLDER, `${name}.png`));
  await context.close();
}
await server[Symbol.asyncDispose]();
await browser.close();
