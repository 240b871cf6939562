// A campaign from its form to its last model, in real browsers before the label tool's own server and a registry: two annotators and a reviewer
// work with the page, every mask is what they drew, and what the dashboard shows is what the registry says.
import { credentials } from '@grpc/grpc-js';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AnnotationQueueClient, AnnotationTaskState } from '../../../../proto/gen/cpral/v1/annotation.ts';
import type { AnnotationTask } from '../../../../services/label-tool/api-types.ts';
import { call } from '../../../../services/shared/grpc/client.ts';
import { decodeMask } from '../../../../services/shared/images/images.ts';
import type { TestRegistry } from '../../../support/registry.ts';
import { startTestLabelTool, type TestLabelTool } from '../../support/label-tool.ts';
import { type BoardPage, openBoard } from '../support/board/board-page.ts';
import { expectNumbersOfRegistry } from '../support/board/numbers-of-registry.ts';
import { launchChromium } from '../support/chromium.ts';
import { SCENE_SIZE } from '../support/scene.ts';
import {
  byBrush,
  byLine,
  byPrediction,
  bySuperpixels,
  openAnnotator,
  POLE,
  paint,
  type ScriptedAnnotator,
  type Way,
} from '../support/scripted-annotator.ts';
import { STREETS, startStreetRegistry, toldOf } from '../support/streets.ts';

const deadlineMs = 10_000;
const CAMPAIGN = 'streets-by-people';
const UNLABELLED = 255;
const CYCLES = 3;
const NOTE = 'There is a second pole';
/** Of the window, and where it is painted when its reviewer wants it. */
const SECOND_POLE = { row: 2, from: 4, to: 30 };

let browser: Browser;
let registry: TestRegistry;
let tool: TestLabelTool;
let tasks: AnnotationQueueClient;

beforeAll(async () => {
  browser = await launchChromium();
  registry = await startStreetRegistry();
  tool = await startTestLabelTool(registry.address);
  tasks = new AnnotationQueueClient(registry.address, credentials.createInsecure());
});
afterAll(async () => {
  await browser?.close();
  tasks?.close();
  await tool?.close();
  await registry?.close();
});

/** Fills the form as somebody would and starts the campaign. */
async function makeCampaign({ page }: BoardPage): Promise<void> {
  await page.getByRole('link', { name: 'New campaign' }).click();
  await page.getByLabel('Name', { exact: true }).fill(CAMPAIGN);
  expect(await page.getByRole('radio', { name: 'People' }).isChecked()).toBe(true);
  await page.getByLabel('Every label waits for a reviewer').check();
  await page.getByText('Finer settings').click();
  const numbers = {
    Cycles: CYCLES,
    'Initial images': 1,
    'Budget a cycle': 0.25,
    Subset: 3,
    'Region side, px': 63,
    'Height, px': SCENE_SIZE.height,
    'Width, px': SCENE_SIZE.width,
  };
  for (const [name, value] of Object.entries(numbers)) await page.getByLabel(name, { exact: true }).fill(String(value));
  await page.getByLabel('First weights').selectOption('random');
  await page.getByRole('button', { name: 'Start the campaign' }).click();
  await page.getByRole('heading', { name: CAMPAIGN, level: 1 }).waitFor();
}

const stateOf = async () => (await tool.get<{ state: string }>(`/campaigns/${CAMPAIGN}`)).state;

async function listTasks(...states: readonly AnnotationTaskState[]) {
  const request = { campaignId: CAMPAIGN, state: 0, annotator: '', pageSize: 1000, pageToken: '' } as const;
  const found = await call(tasks.listAnnotationTasks.bind(tasks), request, { deadlineMs });
  return found.tasks.filter(({ state }) => states.length === 0 || states.includes(state));
}

/** What was drawn, by task, and who had it. */
type Drawn = Map<string, { readonly task: AnnotationTask; readonly by: string; readonly classes: Uint8Array }>;

const WAYS: readonly Way[] = [byPrediction, byLine, byBrush, bySuperpixels];

/** All at once, as people do; nobody gets what another one has. */
async function labelAll(annotators: readonly ScriptedAnnotator[], drawn: Drawn): Promise<void> {
  for (;;) {
    const held = await Promise.all(annotators.map((annotator) => annotator.look()));
    const ids = held.flatMap((task) => task?.taskId ?? []);
    if (ids.length === 0) return;
    expect(new Set(ids).size).toBe(ids.length);
    const done = drawn.size;
    await Promise.all(
      annotators.map(async (annotator, place) => {
        const task = held[place];
        if (!task) return;
        const earlier = drawn.get(task.taskId);
        const classes = earlier ? await mend(annotator, task, earlier) : await label(annotator, task, done + place);
        drawn.set(task.taskId, { task, by: annotator.name, classes });
        await annotator.submit();
      }),
    );
  }
}

async function label({ bench }: ScriptedAnnotator, task: AnnotationTask, nth: number): Promise<Uint8Array> {
  const way = task.kind === 'image' ? bySuperpixels : WAYS[nth % WAYS.length]!;
  return way(bench, task, toldOf(task.imageId));
}

async function mend(
  { bench, name }: ScriptedAnnotator,
  task: AnnotationTask,
  earlier: { readonly by: string; readonly classes: Uint8Array },
): Promise<Uint8Array> {
  expect(earlier.by).toBe(name);
  await bench.page.getByText('Sent back by Linus').waitFor();
  await bench.page.getByText(NOTE).waitFor();
  const { row, from, to } = SECOND_POLE;
  await paint(bench, [from, row], [to, row]);
  return earlier.classes.map((id, at) => {
    const [x, y] = [at % task.window.width, Math.floor(at / task.window.width)];
    return y === row && x >= from && x <= to ? POLE : id;
  });
}

/** @param unwanted how many are sent back; the rest is accepted */
async function reviewAll({ page }: BoardPage, unwanted: number): Promise<void> {
  await page.reload();
  let waiting = (await listTasks(AnnotationTaskState.ANNOTATION_TASK_STATE_SUBMITTED)).length;
  for (let nth = 0; waiting > 0; nth++) {
    await page.getByText(`${waiting} waiting`).waitFor();
    await page.locator('[data-map="ready"]').first().waitFor();
    if (nth < unwanted) {
      await page.keyboard.press('r');
      await page.getByRole('dialog').waitFor();
      await page.keyboard.type(NOTE);
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    } else {
      await page.keyboard.press('a');
    }
    waiting--;
  }
  await page.getByText('Nothing waits for review').waitFor();
}

async function expectMasksAsDrawn(drawn: Drawn): Promise<void> {
  const request = { campaignId: CAMPAIGN, imageIds: [], pageSize: 1000, pageToken: '' };
  const { registry: client } = registry;
  const { labels } = await call(client.listLabels.bind(client), request, { deadlineMs });
  expect(labels.length).toBe(new Set([...drawn.values()].map(({ task }) => task.imageId)).size);
  for (const { imageId, masks } of labels) {
    const expected = new Uint8Array(SCENE_SIZE.height * SCENE_SIZE.width).fill(UNLABELLED);
    for (const { task, classes } of [...drawn.values()].filter((each) => each.task.imageId === imageId)) {
      const { top, left, height, width } = task.window;
      for (let y = 0; y < height; y++)
        expected.set(classes.subarray(y * width, (y + 1) * width), (top + y) * SCENE_SIZE.width + left);
    }
    const { data } = await decodeMask(await registry.objects.get(masks!.classes!));
    const wrong = data.reduce((count, id, at) => count + Number(id !== expected[at]), 0);
    expect([imageId, wrong]).toEqual([imageId, 0]);
  }
}

describe('a campaign that people answer with the page', () => {
  it('is made by the form and finished; masks are what was drawn, and the dashboard says what the registry says', async () => {
    await using board = await openBoard(browser, tool);
    await using review = await openBoard(browser, tool, { at: '/review', reviewer: 'Linus' });
    await using ada = await openAnnotator(browser, tool, 'Ada');
    await using grace = await openAnnotator(browser, tool, 'Grace');
    await makeCampaign(board);

    const drawn: Drawn = new Map();
    let unwanted = 1;
    const { ANNOTATION_TASK_STATE_OPEN: open, ANNOTATION_TASK_STATE_RETURNED: returned } = AnnotationTaskState;
    for (;;) {
      await expect
        .poll(async () => (await stateOf()) !== 'running' || (await listTasks(open, returned)).length > 0, {
          timeout: 20_000,
        })
        .toBe(true);
      if ((await stateOf()) !== 'running') break;
      await labelAll([ada, grace], drawn);
      await reviewAll(review, unwanted);
      unwanted = 0;
    }
    expect(await stateOf()).toBe('succeeded');
    expect(drawn.size).toBeGreaterThan(WAYS.length);
    await expectMasksAsDrawn(drawn);
    await expectNumbersOfRegistry(
      board,
      { registry: registry.registry, tasks },
      { campaignId: CAMPAIGN, images: STREETS.length, drawn: drawn.size },
    );
    expect([...board.strangers, ...review.strangers, ...review.complaints]).toEqual([]);
    // While the form is half filled, its preview may be refused.
    expect(board.complaints.filter((each) => !/400 .*\/campaigns\/preview$/.test(each))).toEqual([]);
  });
});
