// The page before the label tool's own server and a registry: what is tested elsewhere against a server from memory holds here too.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AnnotationTaskKind, AnnotationTaskState, LabellingTask } from '../../../../proto/gen/cpral/v1/annotation.ts';
import { decodeMask } from '../../../../services/shared/images/images.ts';
import { startTestRegistry, type TestRegistry } from '../../../support/registry.ts';
import { startTestLabelTool, type TestLabelTool } from '../../support/label-tool.ts';
import { type MemoryQueue, memoryQueue } from '../../support/memory-queue.ts';
import { launchChromium } from '../support/chromium.ts';
import { earlierLabel, entropyOf, predictionOf } from '../support/maps.ts';
import { drawScene, greyPng, SCENE_CLASSES } from '../support/scene.ts';
import { openWorkbench } from '../support/workbench-page.ts';

const WINDOW = { top: 40, left: 60, height: 48, width: 64 };
const [BUILDING, ROAD] = [1, 3];

let browser: Browser;
let registry: TestRegistry;
let tool: TestLabelTool;
let queue: MemoryQueue;

beforeAll(async () => {
  browser = await launchChromium();
  registry = await startTestRegistry({
    more(objects) {
      queue = memoryQueue(objects, []);
      return [queue.service];
    },
  });
  tool = await startTestLabelTool(registry.address);
  const scene = drawScene();
  const mask = (data: Uint8Array) => registry.objects.put(greyPng(data));
  const origins = earlierLabel(scene).map((id) => (id === 255 ? 0 : 3));
  const task = LabellingTask.fromPartial({
    ...{
      taskId: 't1',
      etag: '1',
      campaignId: 'streets',
      imageId: 'train/1',
      reason: 'The votes disagree.',
      remaining: 1n,
    },
    ...{
      window: WINDOW,
      size: scene.size,
      imageSize: scene.size,
      classMap: { classes: SCENE_CLASSES.map(({ name, color }) => ({ name, color })) },
    },
    kind: AnnotationTaskKind.ANNOTATION_TASK_KIND_REGION,
    state: AnnotationTaskState.ANNOTATION_TASK_STATE_OPEN,
    image: await registry.objects.put(scene.image),
    label: { classes: await mask(earlierLabel(scene)), origins: await mask(origins) },
    prediction: await mask(predictionOf(scene)),
    entropy: await mask(entropyOf(scene)),
  });
  queue.tasks.set('t1', task);
});
afterAll(async () => {
  await browser?.close();
  await tool.close();
  await registry.close();
});

const draftOf = async () => {
  const { draft } = queue.tasks.get('t1')!;
  return draft && (await decodeMask(await registry.objects.get(draft))).data;
};

describe('before its own server', () => {
  it('the page labels a region, goes on after a reload, and what the registry has is what was drawn', async () => {
    const { page, context, ready, stroke, saved } = await openWorkbench(browser, tool, { window: WINDOW });
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await ready();
    await page.keyboard.press('b');
    await page.keyboard.press('2');
    await stroke([2, 10], [60, 10]);
    await saved();
    expect((await draftOf())?.includes(BUILDING)).toBe(true);
    const drawn = (await draftOf())!;

    await page.reload();
    await ready();
    await page.keyboard.press('4');
    await page.keyboard.press('r');
    await page.getByText('Complete').waitFor();
    await page.keyboard.press('Control+Enter');
    await page.getByText('Nothing to label right now').waitFor();

    const task = queue.tasks.get('t1')!;
    expect(task.state).toBe(AnnotationTaskState.ANNOTATION_TASK_STATE_SUBMITTED);
    expect(task.annotator).toBe('Ada');
    expect(Number(task.cost?.strokes)).toBeGreaterThan(0);
    expect(await draftOf()).toEqual(drawn.map((id) => (id === BUILDING ? BUILDING : ROAD)));
    expect(complaints).toEqual([]);
    await context.close();
  });
});
