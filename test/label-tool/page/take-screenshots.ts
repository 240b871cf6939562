// Takes the pictures of the documentation: node test/label-tool/page/take-screenshots.ts
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { launchChromium } from './support/chromium.ts';
import { startLabelServer } from './support/label-server.ts';
import { earlierLabel, entropyOf, predictionOf } from './support/maps.ts';
import { drawScene } from './support/scene.ts';
import { makeTask } from './support/task-rules.ts';
import { openWorkbench } from './support/workbench-page.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../../docs/images');
const WINDOW = { top: 84, left: 96, height: 64, width: 96 };

const scene = drawScene(10);
const maps = { label: earlierLabel(scene), prediction: predictionOf(scene), entropy: entropyOf(scene) };
const reason = 'The model’s votes disagree most here: car, road and fence.';
const returned = { note: 'The wheels belong to the car, not to the road.', by: 'Grace' };
const browser = await launchChromium();
await mkdir(FOLDER, { recursive: true });

async function shoot(
  name: string,
  options: { colorScheme: 'light' | 'dark'; size?: { width: number; height: number }; back?: boolean },
  act: (workbench: Awaited<ReturnType<typeof openWorkbench>>) => Promise<void>,
): Promise<void> {
  const sent = options.back ? { returned, annotator: 'Ada' } : {};
  const server = await startLabelServer([makeTask({ taskId: 't1', window: WINDOW, scene, maps, reason, ...sent })]);
  const workbench = await openWorkbench(browser, server, { window: WINDOW, name: 'Ada', ...options });
  await workbench.ready();
  await act(workbench);
  await workbench.page.screenshot({ path: path.join(FOLDER, `${name}.png`) });
  await workbench.context.close();
  await server[Symbol.asyncDispose]();
}

await shoot('labelling', { colorScheme: 'light' }, async ({ page, stroke, saved }) => {
  await page.keyboard.press('9');
  await stroke([50, 44], [90, 44]);
  await stroke([56, 36], [80, 36]);
  await page.keyboard.press('6');
  await stroke([74, 4], [94, 4], [94, 22]);
  await page.keyboard.press('4');
  await stroke([3, 60], [50, 60], [92, 61]);
  await page.keyboard.press('0');
  await stroke([26, 14], [26, 46]);
  await saved();
  await page.mouse.move(0, 0);
});

await shoot('labelling-boundary', { colorScheme: 'dark', back: true }, async ({ page, click, place, saved }) => {
  await page.keyboard.press('p');
  await page.keyboard.press('Shift+S');
  await page.keyboard.press('Shift+E');
  await saved();
  await page.keyboard.press('9');
  await page.keyboard.press('w');
  for (const [i, [x, y]] of [
    [44, 44],
    [55, 25],
    [70, 22],
  ].entries()) {
    await click(x!, y!);
    await page.locator(`[data-wires="${i + 1}"]`).waitFor();
  }
  const at = await place(88, 36);
  await page.mouse.move(at.x, at.y, { steps: 4 });
});

await shoot(
  'labelling-tablet',
  { colorScheme: 'light', size: { width: 820, height: 1180 } },
  async ({ page, saved }) => {
    await page.keyboard.press('p');
    await page.keyboard.press('m');
    await saved();
  },
);

await browser.close();
