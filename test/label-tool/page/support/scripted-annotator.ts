// Somebody who takes whatever the queue gives and labels it by mouse and keys, and who knows afterwards what they drew.
import type { Browser } from 'playwright-core';
import type { AnnotationTask } from '../../../../services/label-tool/api-types.ts';
import { openWorkbench, type WorkbenchPage } from './workbench-page.ts';

const NOWHERE = { top: 0, left: 0, height: 1, width: 1 };
/** Class ids; the key of a class is its id and one. */
export const [SKY, POLE, ROAD, PAVEMENT] = [0, 2, 3, 4];
/** Superpixels are at least as high: a stroke in every so many rows meets all of them. */
const ROWS_APART_PX = 4;
/** Larger than any brush becomes smaller by one key. */
const SMALLER = 12;

/** What a scripted annotator is told of a picture, at its own size. */
export interface Told {
  /** Row of the picture where the sky ends. */
  readonly horizon: number;
  readonly prediction: Uint8Array;
}

/** Labels the window completely. @returns what was drawn there, pixel by pixel */
export type Way = (bench: WorkbenchPage, task: AnnotationTask, told: Told) => Promise<Uint8Array>;

export interface ScriptedAnnotator extends AsyncDisposable {
  readonly name: string;
  readonly bench: WorkbenchPage;
  /** @returns the task that the page has, or gets when it looks once more; undefined where the queue has none */
  look(): Promise<AnnotationTask | undefined>;
  /** @returns once the server has answered */
  submit(): Promise<void>;
}

export async function openAnnotator(
  browser: Browser,
  server: { readonly url: string },
  name: string,
): Promise<ScriptedAnnotator> {
  const bench = await openWorkbench(browser, server, { window: NOWHERE, name });
  const { page, context } = bench;
  /** The page's last question for a task, and what came of it. */
  let leased: Promise<AnnotationTask | undefined> | undefined;
  page.on('response', (response) => {
    if (response.url().endsWith('/tasks/lease'))
      leased = response.status() === 204 ? undefined : (response.json() as Promise<AnnotationTask>);
  });
  return {
    name,
    bench,
    async look() {
      await page.locator('.workbench:not(.skeleton), .message').waitFor();
      const answered = page.waitForResponse((response) => response.url().endsWith('/tasks/lease'));
      answered.catch(() => undefined);
      // In one step: the page may ask by itself at any moment, and then has no such button.
      const empty = '[...document.querySelectorAll(".message button")].find((each) => each.textContent === "Look now")';
      if (await page.evaluate(`(${empty})?.click() ?? Boolean(${empty})`)) await answered;
      const task = await leased;
      if (task) {
        bench.lookAt(task.window);
        await page.locator('[data-superpixels]').waitFor();
      }
      return task;
    },
    async submit() {
      const answered = page.waitForResponse((response) => response.url().endsWith('/submit'));
      await page.keyboard.press('Control+Enter');
      const { taskId } = (await leased)!;
      const response = await answered;
      if (!response.ok()) throw new Error(`submitting ${taskId}: ${response.status()} ${await response.text()}`);
      await page.locator('[data-superpixels]').waitFor({ state: 'detached' });
    },
    [Symbol.asyncDispose]: () => context.close(),
  };
}

async function press({ page }: WorkbenchPage, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

/** Back and forth over these columns, as one drag. */
function across([left, right]: readonly [number, number], [top, bottom]: readonly [number, number]) {
  const path: [number, number][] = [];
  for (let y = top; y <= bottom; y += ROWS_APART_PX) {
    const there = path.length % 4 === 0;
    path.push([there ? left : right, y], [there ? right : left, y]);
  }
  return path;
}

/** The sky by superpixels, all else by one key. */
export const bySuperpixels: Way = async (bench, { window: { top, height, width } }, { horizon }) => {
  const sky = Math.max(0, Math.min(height, horizon - top));
  await press(bench, 's', '.', '.', '1');
  await bench.ready('coarse');
  if (sky > 0) await bench.stroke(...across([1, width - 2], [1, sky - 1]));
  await press(bench, '4', 'r');
  return pixels({ height, width }, (_, y) => (y < sky ? SKY : ROAD));
};

/** What is right of a line by superpixels that it parted, what is left of it by one key, and the line itself, which may be of either, by the brush. */
export const byLine: Way = async (bench, { window: { height, width } }) => {
  const column = Math.floor(width / 2);
  await press(bench, 'l');
  await bench.stroke([column, 0], [column, height - 1]);
  await press(bench, 's', '5');
  await bench.stroke(...across([column + 1, width - 2], [0, height - 1]));
  await press(bench, '4', 'r');
  await paint(bench, [column, 0], [column, height - 1]);
  return pixels({ height, width }, (x) => (x === column ? POLE : x < column ? ROAD : PAVEMENT));
};

/** A line of one pixel by the brush, all else by one key. */
export const byBrush: Way = async (bench, { window: { height, width } }) => {
  const row = Math.floor(height / 2);
  await press(bench, '4', 'r');
  await paint(bench, [5, row], [width - 6, row]);
  return pixels({ height, width }, (x, y) => (y === row && x >= 5 && x <= width - 6 ? POLE : ROAD));
};

/** The model's prediction, corrected by the brush. */
export const byPrediction: Way = async (bench, { window: { top, left, height, width }, size }, { prediction }) => {
  const row = height - 4;
  await press(bench, 'p');
  await paint(bench, [3, row], [20, row]);
  return pixels({ height, width }, (x, y) =>
    y === row && x >= 3 && x <= 20 ? POLE : prediction[(top + y) * size.width + left + x]!,
  );
};

/** A pole of one pixel's width, over whatever is there. */
export async function paint(bench: WorkbenchPage, ...ends: readonly (readonly [number, number])[]): Promise<void> {
  await press(bench, 'b', '3', ...Array.from({ length: SMALLER }, () => '['));
  await bench.stroke(...ends);
}

function pixels(
  { height, width }: { readonly height: number; readonly width: number },
  classAt: (x: number, y: number) => number,
): Uint8Array {
  return Uint8Array.from({ length: height * width }, (_, at) => classAt(at % width, Math.floor(at / width)));
}
