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
    const press = async (...keys: readonly string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };

    // Across all superpixels of the sky; what hangs together below them by fill.
    await press('.', '1');
    await ready('coarse');
    for (let y = 3; y < HORIZON; y += 5) await stroke([1, y], [62, y]);
    await press('f', '4');
    await click(32, 40);

    // A line parts the superpixels below the horizon; what is to its right is pavement.
    await press('l');
    await stroke([40, HORIZON], [40, 47]);
    await press('s', '5');
    for (let y = HORIZON + 1; y < 48; y += 4) await stroke([41, y], [62, y]);

    await press('g', '2');
    await click(4, 24);
    await click(20, 24);
    await click(20, 36);
    await click(4, 36);
    await press('Enter', 'b', '3');
    for (let px = 7; px > 1; px--) await press('[');
    await stroke([30, 2], [30, 17]);

    await page.getByText('Complete').waitFor();
    await press('Control+Enter');
    await page.getByText('Nothing to label right now').waitFor();
    expect(server.tasks.get('t1')?.task.state).toBe('submitted');
    const submitted = server.mask('t1');
    expect(submitted).toEqual(drawn(submitted));

    const cost = server.cost('t1')!;
    expect(cost.strokes).toBeGreaterThanOrEqual(6);
    expect(cost.clicks).toBeGreaterThanOrEqual(cost.strokes);
    expect(cost.activeSeconds).toBeGreaterThan(0);
    await context.close();
  });
});

/** @returns what was drawn, pixel by pixel. Pixels of the cutting line itself may be on either side of it, and are taken as submitted */
function drawn(submitted: Uint8Array): Uint8Array {
  return submitted.map((id, at) => {
    const x = at % WINDOW.width;
    const y = Math.floor(at / WINDOW.width);
    if (x === 30 && y >= 2 && y <= 17) return POLE;
    if (x >= 4 && x < 20 && y >= 24 && y < 36) return BUILDING;
    if (y < HORIZON) return SKY;
    if (x === 40 && (id === ROAD || id === PAVEMENT)) return id;
    return x < 40 ? ROAD : PAVEMENT;
  });
}
