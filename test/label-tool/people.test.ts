// A campaign made in the form, answered by people through HTTP, and finished: what they drew is what the registry has.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnnotationTask } from '../../services/label-tool/api-types.ts';
import type { AnnotatorList, CampaignDetail, CostList } from '../../services/label-tool/dashboard-types.ts';
import { call } from '../../services/shared/grpc/client.ts';
import { decodeMask, encodeMask } from '../../services/shared/images/images.ts';
import { presetConfig } from '../support/campaign-config.ts';
import { byPeople } from '../support/people.ts';
import { startTestRegistry, type TestRegistry } from '../support/registry.ts';
import { createCampaign, importDataset, tinyDataset } from '../support/tiny-dataset.ts';
import { startTestLabelTool, type TestLabelTool } from './support/label-tool.ts';

const deadlineMs = 10_000;
const COST = { activeSeconds: 2, clicks: 3, strokes: 1 };
const UNLABELLED = 255;

let registry: TestRegistry;
let tool: TestLabelTool;
let campaignId: string;

beforeAll(async () => {
  registry = await startTestRegistry();
  registry.startWorkers();
  tool = await startTestLabelTool(registry.address);
  const { datasetId } = await importDataset(registry.registry, tinyDataset());
  campaignId = await createCampaign(registry.registry, datasetId, { cycles: 2, ...byPeople() });
});
afterAll(async () => {
  await tool.close();
  await registry.close();
});

async function lease(annotator: string): Promise<AnnotationTask | undefined> {
  const response = await tool.ask('/tasks/lease', { json: { annotator, campaignId } });
  return response.status === 204 ? undefined : ((await response.json()) as AnnotationTask);
}

/** Every pixel by its own place, so that one that is moved shows. */
function drawn({ window, classes }: AnnotationTask): Uint8Array<ArrayBuffer> {
  const { top, left, height, width } = window;
  return Uint8Array.from({ length: height * width }, (_, i) => {
    const [y, x] = [top + Math.floor(i / width), left + (i % width)];
    return (3 * y + x) % classes.length;
  });
}

async function answer(task: AnnotationTask): Promise<void> {
  const { height, width } = task.window;
  const body = Uint8Array.from(await encodeMask({ height, width, data: drawn(task) }));
  const saved = await tool.ask(`/tasks/${task.taskId}/draft`, {
    method: 'PUT',
    body,
    headers: { 'content-type': 'image/png', 'if-match': task.etag },
  });
  const { etag } = (await saved.json()) as { etag: string };
  await tool.post(`/tasks/${task.taskId}/submit`, { requestId: `r-${task.taskId}`, cost: COST }, { 'if-match': etag });
}

const detail = () => tool.get<CampaignDetail>(`/campaigns/${campaignId}`);

describe('people at the label tool', () => {
  it('finish a campaign, and every label is what they drew', async () => {
    expect(await detail()).toMatchObject({ annotator: 'people', settings: { annotation: { review: false } } });
    const tasks: AnnotationTask[] = [];
    for (let state = 'running'; state === 'running'; { state } = await detail()) {
      for (const annotator of ['Ann', 'Bo']) {
        const task = await lease(annotator);
        if (!task) continue;
        tasks.push(task);
        await answer(task);
      }
      await sleep(10);
    }
    const { state, cycleList } = await detail();
    expect(state).toBe('succeeded');
    expect(new Set(tasks.map(({ taskId }) => taskId)).size).toBe(tasks.length);

    const { labels } = await call(
      registry.registry.listLabels.bind(registry.registry),
      { campaignId, imageIds: [], pageSize: 1000, pageToken: '' },
      { deadlineMs },
    );
    expect(labels.length).toBeGreaterThan(2);
    const { size } = presetConfig({});
    for (const { imageId, masks } of labels) {
      const expected = new Uint8Array(size!.height * size!.width).fill(UNLABELLED);
      for (const task of tasks.filter((each) => each.imageId === imageId)) {
        const { top, left, height, width } = task.window;
        const classes = drawn(task);
        for (let y = 0; y < height; y++) {
          expected.set(classes.subarray(y * width, (y + 1) * width), (top + y) * size!.width + left);
        }
      }
      const { data } = await decodeMask(await registry.objects.get(masks!.classes!));
      expect(data).toEqual(expected);
    }

    // What the page shows is what was spent.
    const spent = cycleList.reduce((sum, { cost }) => sum + (cost?.tasks ?? 0), 0);
    expect(spent).toBe(tasks.length);
    const { costs } = await tool.get<CostList>(`/costs?campaignId=${campaignId}`);
    expect(costs.map(({ taskId }) => taskId).toSorted()).toEqual(tasks.map(({ taskId }) => taskId).toSorted());
    const { annotators } = await tool.get<AnnotatorList>(`/annotators?campaignId=${campaignId}`);
    expect(annotators.reduce((sum, each) => sum + each.tasks, 0)).toBe(tasks.length);
    expect(annotators.reduce((sum, each) => sum + each.clicks, 0)).toBe(tasks.length * COST.clicks);
  });
});
