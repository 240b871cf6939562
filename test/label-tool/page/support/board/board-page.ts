// The dashboard as its user sees it, and what it asked for and complained about meanwhile.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

export interface BoardPage extends AsyncDisposable {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Addresses of other servers that were asked. */
  readonly strangers: string[];
  /** Errors and warnings of the console. */
  readonly complaints: string[];
}

export interface BoardOptions {
  /** The part behind #. */
  readonly at?: string;
  readonly colorScheme?: 'light' | 'dark';
  readonly size?: { readonly width: number; readonly height: number };
  readonly reviewer?: string;
}

export async function openBoard(
  browser: Browser,
  server: { readonly url: string },
  options: BoardOptions = {},
): Promise<BoardPage> {
  const { at = '/', colorScheme = 'light', size = { width: 1280, height: 800 }, reviewer } = options;
  const context = await browser.newContext({ viewport: size, colorScheme, reducedMotion: 'reduce', locale: 'en-GB' });
  if (reviewer) await context.addInitScript(`localStorage.setItem('cpral.annotator', ${JSON.stringify(reviewer)})`);
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const strangers: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(server.url) && !request.url().startsWith('blob:')) strangers.push(request.url());
  });
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      complaints.push(`${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(`${server.url}#${at}`);
  return { page, context, strangers, complaints, [Symbol.asyncDispose]: () => context.close() };
}

/** @returns what axe finds serious or worse, as sentences */
export async function seriousFindings(page: Page): Promise<string[]> {
  // By the protocol's own door: the page's policy lets no script in.
  await page.evaluate(await readFile(AXE, 'utf8'));
  const { violations } = (await page.evaluate('axe.run()')) as AxeResults;
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
}

/** @returns the cells of a table, by its caption, row by row, its head first */
export async function cellsOf(page: Page, caption: string): Promise<string[][]> {
  await page.getByRole('table', { name: caption, exact: true }).waitFor();
  const table = `[...document.querySelectorAll('table')].find(({ caption }) => caption.textContent === ${JSON.stringify(caption)})`;
  return page.evaluate(`[...${table}.rows].map(({ cells }) => [...cells].map((cell) => cell.textContent.trim()))`);
}
