// The page for people who do not use a mouse, who need contrast, or who have a tablet.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { startLabelServer } from '../support/label-server.ts';
import { earlierLabel, entropyOf, predictionOf } from '../support/maps.ts';
import { bandScene, drawScene } from '../support/scene.ts';
import { makeTask } from '../support/task-rules.ts';
import { openWorkbench } from '../support/workbench-page.ts';

const WINDOW = { top: 40, left: 60, height: 48, width: 64 };
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

/** @returns what axe finds serious or worse, as sentences */
async function seriousFindings(page: Page): Promise<string[]> {
  // By the protocol's own door: the page's policy lets no script in.
  await page.evaluate(await readFile(AXE, 'utf8'));
  const { violations } = (await page.evaluate('axe.run()')) as AxeResults;
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
}

describe('by the keyboard alone', () => {
  it('a region is labelled completely, corrected and submitted', async () => {
    const horizon = 24;
    const scene = bandScene(WINDOW.top + horizon);
    await using server = await startLabelServer([makeTask({ taskId: 't1', window: WINDOW, scene })]);
    const { page, ready, context } = await openWorkbench(browser, server, { window: WINDOW });
    await ready();
    const press = async (...keys: readonly string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    // From the middle to the sky; one superpixel, taken back; then all that hangs together is one class.
    await press('1', 'ArrowUp', 'ArrowUp', 'Space', 'Control+z');
    // A polygon over the sky, corner by corner.
    const corner = async (keys: Readonly<Record<string, number>>) => {
      for (const [key, times] of Object.entries(keys)) for (let i = 0; i < times; i++) await press(key);
      await press('Space');
    };
    await press('g');
    await corner({ 'Shift+ArrowLeft': 7, 'Shift+ArrowUp': 4 });
    await corner({ 'Shift+ArrowRight': 7 });
    await press('Escape', 'f', '1');
    await press('b', '1');
    // Held Space drags: a line along the horizon closes the sky off.
    for (let i = 0; i < 7; i++) await press('[');
    await press('Shift+ArrowLeft', ...new Array(6).fill('Shift+ArrowLeft'));
    for (let i = 0; i < 4; i++) await press('Shift+ArrowUp');
    await press(...new Array(23).fill('ArrowDown'));
    await page.keyboard.down('Space');
    await press(...new Array(7).fill('Shift+ArrowRight'));
    await page.keyboard.up('Space');
    await press('f', 'ArrowUp', 'Space', '4', 'n', 'Space', 'Control+Enter');
    await page.getByText('Nothing to label right now').waitFor();
    const expected = Uint8Array.from({ length: 48 * 64 }, (_, at) => (at < horizon * 64 ? 0 : 3));
    expect(server.mask('t1')).toEqual(expected);
    await context.close();
  });

  it('every dialog is opened, left and answered, and the focus returns', async () => {
    await using server = await startLabelServer([makeTask({ taskId: 't1', window: WINDOW })]);
    const { page, ready, context } = await openWorkbench(browser, server, { window: WINDOW });
    await ready();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await expect.poll(() => page.evaluate('document.activeElement.getAttribute("role")')).toBe('application');
    await page.keyboard.press('Control+Backspace');
    await page.getByRole('dialog', { name: 'Skip this region' }).waitFor();
    await page.keyboard.press('Enter');
    await expect.poll(() => server.tasks.get('t1')!.skipReason).toMatch(/blurred/);
    await context.close();
  });

  it('keys of the tools do nothing while a text is written', async () => {
    await using server = await startLabelServer([makeTask({ taskId: 't1', window: WINDOW })]);
    const { page, ready, context } = await openWorkbench(browser, server, { window: WINDOW });
    await ready();
    await page.keyboard.press('Control+Backspace');
    await page.getByLabel('Something else').check();
    await page.getByLabel('In your words').pressSequentially('brush r p');
    await page.keyboard.press('Escape');
    expect(await page.getByRole('button', { name: 'Superpixels' }).getAttribute('aria-pressed')).toBe('true');
    await page.getByText(/^0 % ·/).waitFor();
    await context.close();
  });
});

describe.each(['light', 'dark'] as const)('in the %s scheme', (colorScheme) => {
  it('axe finds nothing serious on any screen', async () => {
    const scene = drawScene(10);
    const maps = { label: earlierLabel(scene), prediction: predictionOf(scene), entropy: entropyOf(scene) };
    const returned = { note: 'The kerb belongs to the pavement.', by: 'Grace' };
    await using server = await startLabelServer([
      makeTask({ taskId: 't1', window: WINDOW, scene, maps, returned, annotator: 'Ada' }),
    ]);
    const { page, ready, context } = await openWorkbench(browser, server, { window: WINDOW, colorScheme });
    await ready();
    const findings: Record<string, string[]> = { workbench: await seriousFindings(page) };
    await page.keyboard.press('?');
    findings.help = await seriousFindings(page);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+Backspace');
    findings.skip = await seriousFindings(page);
    await page.getByRole('dialog').getByRole('button', { name: 'Skip' }).click();
    await page.getByText('Nothing to label right now').waitFor();
    findings.empty = await seriousFindings(page);
    server.failing = 503;
    await page.getByRole('button', { name: 'Look now' }).click();
    await page.getByRole('button', { name: 'Try again' }).waitFor();
    findings.failed = await seriousFindings(page);
    await page.evaluate('localStorage.clear()');
    await page.reload();
    await page.getByLabel('Your name').waitFor();
    findings.signIn = await seriousFindings(page);
    expect(findings).toEqual({ workbench: [], help: [], skip: [], empty: [], failed: [], signIn: [] });
    await context.close();
  });
});

describe('on a tablet', () => {
  it('held upright, nothing lies outside of the screen', async () => {
    await using server = await startLabelServer([makeTask({ taskId: 't1', window: WINDOW })]);
    const size = { width: 768, height: 1024 };
    const { page, ready, context } = await openWorkbench(browser, server, { window: WINDOW, size });
    await ready();
    for (const name of ['Submit and next', 'Superpixels', 'Keys and help']) {
      const box = (await page.getByRole('button', { name }).boundingBox())!;
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width).toBeLessThanOrEqual(size.width);
      expect(box.y + box.height).toBeLessThanOrEqual(size.height);
    }
    await context.close();
  });

  it('one finger draws, and two move the picture and draw nothing', async () => {
    await using server = await startLabelServer([makeTask({ taskId: 't1', window: WINDOW })]);
    const { page, ready, place, saved, context } = await openWorkbench(browser, server, { window: WINDOW });
    await ready();
    const touch = await context.newCDPSession(page);
    const fingers = async (type: 'touchStart' | 'touchMove' | 'touchEnd', ...touchPoints: { x: number; y: number }[]) =>
      void (await touch.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: touchPoints.map((at, id) => ({ ...at, id })),
      }));
    await page.keyboard.press('b');
    const [from, to] = [await place(10.5, 10.5), await place(50.5, 10.5)];
    await fingers('touchStart', from);
    await fingers('touchMove', to);
    await fingers('touchEnd');
    await saved();
    expect(server.mask('t1').filter((id) => id === 0).length).toBe(7 * 41 + 37 - 7);
    const drawn = server.mask('t1');

    const view = await page.getByRole('application').getAttribute('data-view');
    await fingers('touchStart', from);
    await fingers('touchStart', from, to);
    await fingers('touchMove', { x: from.x - 40, y: from.y }, { x: to.x + 40, y: to.y });
    await fingers('touchEnd');
    await expect.poll(() => page.getByRole('application').getAttribute('data-view')).not.toBe(view);
    await page.getByRole('button', { name: /^10\.3 % · 2,755 px left/ }).waitFor();
    expect(server.mask('t1')).toEqual(drawn);
    await context.close();
  });
});
