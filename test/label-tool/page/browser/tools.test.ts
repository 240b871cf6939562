// Tools one by one, where their shapes are not enough: what they do to the page.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { type LabelServer, startLabelServer } from '../support/label-server.ts';
import { drawScene, SCENE_SIZE } from '../support/scene.ts';
import { makeTask } from '../support/task-rules.ts';
import { openWorkbench, type WorkbenchPage } from '../support/workbench-page.ts';

const WINDOW = { top: 84, left: 96, height: 64, width: 96 };
const scene = drawScene();
const truth = Uint8Array.from({ length: 64 * 96 }, (_, at) => {
  const y = WINDOW.top + Math.floor(at / 96);
  return scene.truth[y * SCENE_SIZE.width + WINDOW.left + (at % 96)]!;
});
const CAR = 8;

let browser: Browser;
let server: LabelServer;
let workbench: WorkbenchPage;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());
beforeEach(async () => {
  const maps = { label: undefined, prediction: scene.truth, entropy: undefined };
  server = await startLabelServer([makeTask({ taskId: 't1', window: WINDOW, scene, maps })]);
  workbench = await openWorkbench(browser, server, { window: WINDOW });
  await workbench.ready();
  return async () => {
    await workbench.context.close();
    await server[Symbol.asyncDispose]();
  };
});

const mask = async () => {
  await workbench.saved();
  return server.mask('t1');
};

describe('the prediction', () => {
  it('is taken by one key into what is unlabelled, and what was drawn stays', async () => {
    const { page, stroke } = workbench;
    await page.keyboard.press('b');
    await page.keyboard.press('2');
    for (let i = 0; i < 12; i++) await page.keyboard.press('[');
    await stroke([10, 5], [40, 5]);
    await page.keyboard.press('p');
    const expected = truth.slice();
    expected.fill(1, 5 * 96 + 10, 5 * 96 + 41);
    expect(await mask()).toEqual(expected);
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+z');
    expect(await mask()).toEqual(new Uint8Array(truth.length).fill(255));
    await page.keyboard.press('Control+Shift+z');
    await page.keyboard.press('Control+Shift+z');
    expect(await mask()).toEqual(expected);
  });
});

describe('the smart boundary', () => {
  it('finds a car by seven clicks along it', async () => {
    const { page, click } = workbench;
    await page.keyboard.press('9');
    await page.keyboard.press('w');
    for (const [i, [x, y]] of [
      [43, 44],
      [54, 28],
      [69, 22],
      [86, 34],
      [95, 40],
      [95, 48],
      [70, 58],
    ].entries()) {
      await click(x!, y!);
      await page.locator(`[data-wires="${i + 1}"]`).waitFor();
    }
    await page.keyboard.press('Enter');
    const drawn = await mask();
    const both = truth.filter((id, at) => id === CAR && drawn[at] === CAR).length;
    const either = truth.filter((id, at) => id === CAR || drawn[at] === CAR).length;
    expect(both / either).toBeGreaterThan(0.9);
    expect(drawn.every((id) => id === CAR || id === 255)).toBe(true);
  });
});

describe('a path under way', () => {
  it('loses its last point by Backspace, and itself by Escape or with its tool', async () => {
    const { page, click } = workbench;
    await page.keyboard.press('g');
    for (const [x, y] of [
      [10, 10],
      [20, 10],
      [20, 20],
      [10, 20],
      [60, 60],
    ] as const)
      await click(x, y);
    await page.keyboard.press('Backspace');
    await page.keyboard.press('Enter');
    const drawn = await mask();
    expect(drawn.filter((id) => id === 0).length).toBe(100);
    for (const key of ['Escape', 'b']) {
      for (const [x, y] of [
        [30, 30],
        [50, 30],
        [50, 50],
      ] as const)
        await click(x, y);
      await page.keyboard.press(key);
      await page.keyboard.press('g');
      await page.keyboard.press('Enter');
    }
    expect(await mask()).toEqual(drawn);
  });
});

describe('the eyedropper', () => {
  it('takes the class of what was drawn, else of what is predicted', async () => {
    const { page, click } = workbench;
    const chosen = () => page.locator('.class.chosen .name').textContent();
    await page.keyboard.press('i');
    await click(70, 46);
    await expect.poll(chosen).toBe('Car');
    await page.keyboard.press('4');
    await page.keyboard.press('r');
    await page.keyboard.press('1');
    await click(70, 46);
    await expect.poll(chosen).toBe('Road');
  });
});

describe('the eraser', () => {
  it('takes labels away, also while only unlabelled pixels are painted', async () => {
    const { page, stroke } = workbench;
    await page.keyboard.press('r');
    await page.keyboard.press('o');
    await page.keyboard.press('e');
    for (let i = 0; i < 12; i++) await page.keyboard.press('[');
    await stroke([10, 30], [29, 30]);
    expect((await mask()).filter((id) => id === 255).length).toBe(20);
    await page.keyboard.press('b');
    await page.keyboard.press('2');
    await stroke([0, 30], [90, 30]);
    expect((await mask()).filter((id) => id === 1).length).toBe(20);
  });
});

describe('the brightness', () => {
  it('changes the picture on the screen, and neither labels nor superpixels', async () => {
    const { page, place } = workbench;
    const box = (await page.getByRole('application').boundingBox())!;
    const road = await place(10.5, 60.5);
    const at = { x: Math.round(road.x - box.x), y: Math.round(road.y - box.y) };
    const shade = () =>
      page.evaluate<number>(
        `document.querySelector('canvas').getContext('2d').getImageData(${at.x}, ${at.y}, 1, 1).data[0]`,
      );
    const before = await shade();
    await page.getByLabel('Brightness').fill('2');
    await expect.poll(shade).toBeGreaterThan(before * 1.5);
    await page.getByText(/^0 % ·/).waitFor();
    await page.locator('[data-superpixels="medium"]').waitFor();
  });
});
