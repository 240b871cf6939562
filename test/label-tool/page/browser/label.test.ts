// A region from an open task to a submitted mask, in a real browser.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { startLabelServer } from '../support/label-server.ts';
import { bandScene } from '../support/scene.ts';
import { makeTask } from '../support/task-rules.ts';
import { openWorkbench } from '../support/workbench-page.ts';

const WINDOW = { top: 40, left: 60, height: 48, width: 64 };
/** In rows of the window: where the sky ends. */
const HORIZON = 20;
const SCENE = bandScene(WINDOW.top + HORIZON);
const [SKY, BUILDING, POLE, ROAD, PAVEMENT] = [0, 1, 2, 3, 4];

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

describe('an annotator', () => {
  it('labels a region by superpixels, a line, a polygon and the brush, and what is submitted is what was drawn', async () => {
    await using server = await startLabelServer([makeTask({ taskId: 't1', window: WINDOW, scene: SCENE })]);
    const { page, context, ready, stroke, click } = await openWorkbench(browser, server, { window: WINDOW });
    await ready();
    const expected = new Uint8Array(48 * 64).fill(SKY);

    // Across all superpixels of the sky, and what hangs together below them by fill.
    await page.keyboard.press('1');
    await page.keyboard.press('.');
    await ready();
    for (let y = 3; y < HORIZON; y += 5) await stroke([1, y], [62, y]);
    await page.keyboard.press('4');
    await page.keyboard.press('f');
    await click(32, 40);
    expected.fill(ROAD, HORIZON * 64);

    // A line that parts the superpixels below the horizon; the right part of each goes to the pavement.
    await page.keyboard.press('l');
    await stroke([40, 20], [40, 47]);
    await page.keyboard.press('s');
    await page.keyboard.press('5');
    for (let y = HORIZON + 1; y < 48; y += 4) await stroke([41, y], [62, y]);
    const masked = await submitted();
    // The line's own pixels go to either side.
    for (let y = HORIZON; y < 48; y++) {
      expected[y * 64 + 40] = masked[y * 64 + 40]!;
      expect([ROAD, PAVEMENT]).toContain(masked[y * 64 + 40]);
      expected.fill(PAVEMENT, y * 64 + 41, (y + 1) * 64);
    }
    expect(masked).toEqual(expected);

    async function submitted() {
      await page.keyboard.press('g');
      await page.keyboard.press('2');
      for (const [x, y] of [
        [4, 24],
        [20, 24],
        [20, 36],
        [4, 36],
      ] as const)
        await click(x, y);
      await page.keyboard.press('Enter');
      for (let y = 24; y < 36; y++) expected.fill(BUILDING, y * 64 + 4, y * 64 + 20);

      await page.keyboard.press('b');
      await page.keyboard.press('3');
      for (let i = 0; i < 12; i++) await page.keyboard.press('[');
      await stroke([30, 2], [30, 17]);
      for (let y = 2; y <= 17; y++) expected[y * 64 + 30] = POLE;

      await page.getByText('Complete').waitFor();
      await page.keyboard.press('Control+Enter');
      await page.getByText('Nothing to label right now').waitFor();
      expect(server.tasks.get('t1')?.task.state).toBe('submitted');
      return server.mask('t1');
    }
    const cost = server.cost('t1')!;
    expect(cost.strokes).toBeGreaterThanOrEqual(6);
    expect(cost.clicks).toBeGreaterThanOrEqual(cost.strokes);
    expect(cost.activeSeconds).toBeGreaterThan(0);
    await context.close();
  });
});
