import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  AnnotationPurpose,
  AnnotationTaskKind,
  AnnotationTaskState,
  LabellingTask,
} from '../../proto/gen/cpral/v1/annotation.ts';
import type { ObjectRef } from '../../proto/gen/cpral/v1/resources.ts';
import type { AnnotationTask } from '../../services/label-tool/api-types.ts';
import type {
  AnnotatorList,
  CampaignDetail,
  CostList,
  SuspiciousList,
  TaskList,
} from '../../services/label-tool/dashboard-types.ts';
import { decodeImage, decodeMask, encodeMask, encodeRgb } from '../../services/shared/images/images.ts';
import { ORIGIN_EXTENDED, ORIGIN_HUMAN } from '../../services/shared/labels/origins.ts';
import { startTestRegistry, type TestRegistry } from '../support/registry.ts';
import { createCampaign, importDataset, tinyDataset, untilEnded } from '../support/tiny-dataset.ts';
import { startTestLabelTool, type TestLabelTool } from './support/label-tool.ts';
import { type MemoryQueue, memoryQueue } from './support/memory-queue.ts';

const SIZE = { height: 12, width: 16 };
const WINDOW = { top: 2, left: 3, height: 4, width: 5 };
const CLASSES = [
  { name: 'road', color: '#101010' },
  { name: 'sky', color: '#202020' },
];
let registry: TestRegistry;
let tool: TestLabelTool;
let queue: MemoryQueue;
let task: LabellingTask;

beforeAll(async () => {
  registry = await startTestRegistry({
    more(objects) {
      queue = memoryQueue(objects, []);
      return [queue.service];
    },
  });
  tool = await startTestLabelTool(registry.address);
  const put = async (bytes: Promise<Uint8Array>): Promise<ObjectRef> => registry.objects.put(await bytes);
  const pixels = SIZE.height * SIZE.width;
  task = LabellingTask.fromPartial({
    ...{
      taskId: 'street/1',
      etag: '1',
      campaignId: 'streets',
      cycle: 2,
      imageId: 'train/a b',
      reason: 'The votes disagree.',
    },
    ...{ score: 1.5, rank: 3, remaining: 7n, window: WINDOW, size: SIZE, imageSize: { height: 24, width: 32 } },
    kind: AnnotationTaskKind.ANNOTATION_TASK_KIND_REGION,
    state: AnnotationTaskState.ANNOTATION_TASK_STATE_OPEN,
    purpose: AnnotationPurpose.ANNOTATION_PURPOSE_GOLD,
    classMap: { classes: CLASSES },
    image: await put(encodeRgb({ height: 24, width: 32, data: new Uint8Array(24 * 32 * 3).fill(120) })),
    label: {
      classes: await put(encodeMask({ ...SIZE, data: new Uint8Array(pixels).fill(1) })),
      origins: await put(
        encodeMask({
          ...SIZE,
          data: new Uint8Array(pixels).map((_, at) => (at < 16 ? ORIGIN_HUMAN : ORIGIN_EXTENDED)),
        }),
      ),
    },
    prediction: await put(encodeMask({ ...SIZE, data: new Uint8Array(pixels).map((_, at) => at % 2) })),
    entropy: await put(encodeRgb({ height: 6, width: 8, data: new Uint8Array(6 * 8 * 3).fill(77) })),
    createTime: new Date(0),
    updateTime: new Date(0),
  });
});
afterAll(async () => {
  await tool.close();
  await registry.close();
});
beforeEach(() => {
  queue.tasks.clear();
  queue.tasks.set(task.taskId, task);
});

const PATH = '/tasks/street%2F1';
const lease = (annotator = 'Ann', more: object = {}) =>
  tool.post<AnnotationTask>('/tasks/lease', { annotator, ...more });
const maskOf = (id: number) => encodeMask({ height: 4, width: 5, data: new Uint8Array(20).fill(id) });
const putDraft = async (etag: string, png: Uint8Array) =>
  tool.ask(`${PATH}/draft`, {
    method: 'PUT',
    body: Uint8Array.from(png),
    headers: { 'content-type': 'image/png', 'if-match': etag },
  });
const drafted = async (etag: string, id = 1) =>
  ((await (await putDraft(etag, await maskOf(id))).json()) as { etag: string }).etag;
const COST = { activeSeconds: 12.5, clicks: 3, strokes: 2 };
const submit = (etag: string, requestId: string) =>
  tool.ask(`${PATH}/submit`, { json: { requestId, cost: COST }, headers: { 'if-match': etag } });
let requests = 0;
const newRequest = () => `request-${++requests}`;

describe('a lease', () => {
  it('has all that the page asks for, and not what the task is for', async () => {
    const leased = await lease();
    expect(leased).toMatchObject({
      ...{
        taskId: 'street/1',
        campaignId: 'streets',
        cycle: 2,
        imageId: 'train/a b',
        kind: 'region',
        window: WINDOW,
        size: SIZE,
      },
      ...{
        state: 'leased',
        annotator: 'Ann',
        reason: 'The votes disagree.',
        score: 1.5,
        rank: 3,
        remaining: 7,
        returned: null,
      },
      classes: CLASSES.map((one, id) => ({ id, ...one })),
    });
    expect(leased.etag).toMatch(/^"\d+"$/);
    expect(Date.parse(leased.leaseExpiresAt!)).toBeGreaterThan(Date.now());
    expect(JSON.stringify(leased)).not.toContain('gold');
    expect(leased).not.toHaveProperty('purpose');
  });

  it('has pictures of the sizes that the page wants: the image may have any, masks and maps the campaign’s', async () => {
    const { pictures } = await lease();
    const fetched = async (address: string | null) => {
      const response = await fetch(new URL(address!, tool.url));
      expect(response.status).toBe(200);
      return new Uint8Array(await response.arrayBuffer());
    };
    expect(await decodeImage(await fetched(pictures.image))).toMatchObject(SIZE);
    const label = await decodeMask(await fetched(pictures.label));
    expect([...label.data]).toEqual(Array.from({ length: 192 }, (_, at) => (at < 16 ? 1 : 255)));
    expect((await decodeMask(await fetched(pictures.prediction))).data[1]).toBe(1);
    const entropy = await decodeMask(await fetched(pictures.entropy));
    expect(entropy).toMatchObject(SIZE);
    expect(entropy.data.every((value) => value === 77)).toBe(true);
    expect(pictures.draft).toBeNull();
  });

  it('is nothing where nothing waits', async () => {
    await lease('Ann');
    const response = await tool.ask('/tasks/lease', { json: { annotator: 'Ben' } });
    expect(response.status).toBe(204);
    expect(await response.text()).toBe('');
    expect((await tool.ask('/tasks/lease', { json: { annotator: 'Ann', campaignId: 'others' } })).status).toBe(204);
  });

  it('is kept by renewing it, and lost when it is given back', async () => {
    const { etag } = await lease();
    const renewed = await tool.post<{ etag: string; leaseExpiresAt: string }>(
      `${PATH}/renew`,
      {},
      { 'if-match': etag },
    );
    expect(renewed.etag).not.toBe(etag);
    await tool.post(`${PATH}/release`, { etag: renewed.etag });
    expect(queue.tasks.get('street/1')?.state).toBe(AnnotationTaskState.ANNOTATION_TASK_STATE_OPEN);
    const late = { json: {}, headers: { 'if-match': renewed.etag } };
    expect(await tool.refusal(`${PATH}/renew`, late)).toMatchObject({ status: 409, reason: 'LEASE_LOST' });
  });

  it('is not given back by a beacon that comes late', async () => {
    const { etag } = await lease();
    await drafted(etag);
    expect(await tool.post(`${PATH}/release`, { etag })).toMatchObject({ state: 'leased' });
  });

  it.each([
    [{}, 'annotator'],
    [{ annotator: '' }, 'annotator'],
    [{ annotator: '   ' }, 'annotator'],
    [{ annotator: 'x'.repeat(101) }, 'annotator'],
    [{ annotator: 'Ann', campaignId: 7 }, 'campaignId'],
    [{ annotator: 'Ann', purpose: 'gold' }, 'body'],
  ])('is refused to %j', async (json, field) => {
    expect(await tool.refusal('/tasks/lease', { json })).toMatchObject({ status: 400, field });
  });
});

describe('a draft', () => {
  it('comes back value by value, in the lease after it too', async () => {
    const { etag } = await lease();
    const mask = new Uint8Array(20).map((_, at) => [0, 1, 254, 255][at % 4]!);
    const put = await putDraft(etag, await encodeMask({ height: 4, width: 5, data: mask }));
    expect(put.status).toBe(200);
    const { pictures } = await tool.get<AnnotationTask>(PATH);
    const draft = await fetch(new URL(pictures.draft!, tool.url));
    expect((await decodeMask(new Uint8Array(await draft.arrayBuffer()))).data).toEqual(mask);
  });

  it('is refused with a tag that is not the task’s, and without one', async () => {
    await lease();
    expect(await (await putDraft('"999"', await maskOf(1))).json()).toMatchObject({
      status: 412,
      reason: 'ETAG_MISMATCH',
    });
    const bare = await tool.ask(`${PATH}/draft`, {
      method: 'PUT',
      body: Uint8Array.from(await maskOf(1)),
      headers: { 'content-type': 'image/png' },
    });
    expect(bare.status).toBe(428);
  });

  it('is refused where it is of another size, no PNG, JSON, or larger than any', async () => {
    const { etag } = await lease();
    expect(
      await (await putDraft(etag, await encodeMask({ height: 2, width: 2, data: new Uint8Array(4) }))).json(),
    ).toMatchObject({ status: 400, field: 'draft' });
    expect(await (await putDraft(etag, Buffer.from('<html>'))).json()).toMatchObject({ status: 415 });
    expect(await (await putDraft(etag, new Uint8Array(0))).json()).toMatchObject({ status: 415 });
    const json = await tool.ask(`${PATH}/draft`, { method: 'PUT', json: {}, headers: { 'if-match': etag } });
    expect(json.status).toBe(415);
    expect((await putDraft(etag, new Uint8Array(21 << 20))).status).toBe(413);
    expect(queue.tasks.get('street/1')?.draft).toBeUndefined();
  });
});

describe('submitting', () => {
  it('uses the draft, with its cost, once however often it is sent', async () => {
    const etag = await drafted((await lease()).etag);
    const requestId = newRequest();
    const first = await submit(etag, requestId);
    expect(first.status).toBe(200);
    const answer = await first.json();
    expect(answer).toMatchObject({ state: 'submitted', annotator: 'Ann' });
    const again = await submit(etag, requestId);
    expect(await again.json()).toEqual(answer);
    expect(queue.tasks.get('street/1')?.cost).toEqual({ activeSeconds: 12.5, clicks: 3n, strokes: 2n });
  });

  it('is refused while a pixel has no label, with a count', async () => {
    const etag = await drafted((await lease()).etag, 255);
    expect(await (await submit(etag, newRequest())).json()).toMatchObject({
      status: 422,
      title: 'Not complete',
      detail: '20 pixels of 4x5 have no label',
    });
  });

  it.each([
    { activeSeconds: -1, clicks: 0, strokes: 0 },
    { activeSeconds: 1, clicks: 0.5, strokes: 0 },
    { activeSeconds: 1, clicks: 0 },
    { activeSeconds: null, clicks: 0, strokes: 0 },
  ])('is refused with the cost %j', async (cost) => {
    const { etag } = await lease();
    const refusal = await tool.refusal(`${PATH}/submit`, {
      json: { requestId: newRequest(), cost },
      headers: { 'if-match': etag },
    });
    expect(refusal.status).toBe(400);
    expect(refusal.field).toMatch(/^cost/);
  });

  it('skipping ends the task, with a reason', async () => {
    const { etag } = await lease();
    const headers = { 'if-match': etag };
    expect(
      await tool.refusal(`${PATH}/skip`, { json: { requestId: newRequest(), reason: '' }, headers }),
    ).toMatchObject({ status: 400, field: 'reason' });
    expect(await tool.post(`${PATH}/skip`, { requestId: newRequest(), reason: 'too dark' }, headers)).toMatchObject({
      state: 'skipped',
    });
  });
});

describe('a review', () => {
  const submitted = async () => {
    const etag = await drafted((await lease()).etag);
    return ((await (await submit(etag, newRequest())).json()) as AnnotationTask).etag;
  };

  it('sends a label back, and its annotator gets it first', async () => {
    const etag = await submitted();
    const { tasks } = await tool.get<TaskList>('/tasks?state=submitted');
    expect(tasks).toMatchObject([
      { taskId: 'street/1', purpose: 'gold', cost: { tasks: 1, ...COST, pixels: 20 }, reviewer: null },
    ]);
    const review = { requestId: newRequest(), accept: false, note: 'the kerb', reviewer: 'Rita' };
    expect(await tool.post(`${PATH}/review`, review, { 'if-match': etag })).toMatchObject({
      state: 'returned',
      returned: { note: 'the kerb', by: 'Rita' },
    });
    expect(await lease('Ann')).toMatchObject({ taskId: 'street/1', returned: { note: 'the kerb', by: 'Rita' } });
  });

  it('is somebody else’s, of what was seen', async () => {
    const etag = await submitted();
    const review = { requestId: newRequest(), accept: true, note: '', reviewer: 'Ann' };
    expect(await tool.refusal(`${PATH}/review`, { json: review, headers: { 'if-match': etag } })).toMatchObject({
      status: 409,
    });
    const stale = { json: { ...review, reviewer: 'Rita', requestId: newRequest() }, headers: { 'if-match': '"1"' } };
    expect(await tool.refusal(`${PATH}/review`, stale)).toMatchObject({ status: 412 });
    expect(
      await tool.post(`${PATH}/review`, { ...review, reviewer: 'Rita', requestId: newRequest() }, { 'if-match': etag }),
    ).toMatchObject({ state: 'accepted' });
  });

  it.each(['/tasks?state=lost', '/tasks?pageToken=x'])('is of a queue that refuses %s', async (route) => {
    expect(await tool.refusal(route)).toMatchObject({ status: 400 });
  });

  it('of a task that is not there is a problem', async () => {
    expect(await tool.refusal('/tasks/nothing')).toMatchObject({ status: 404, field: 'task_id' });
  });
});

describe('what labels cost', () => {
  beforeEach(() => {
    const cost = { activeSeconds: 1.5, clicks: 2n, strokes: 3n };
    queue.tasks.clear();
    for (const [at, annotator] of ['Ann', '=HYPERLINK("x")', 'Ben "B", jr.'].entries())
      queue.tasks.set(`t${at}`, { ...task, taskId: `t${at}`, annotator, cost });
  });

  it('is listed a page at a time, and whole as a file whose names are no formulas', async () => {
    const page = await tool.get<CostList>('/costs');
    expect(page.costs).toEqual([
      {
        taskId: 't0',
        campaignId: 'streets',
        cycle: 2,
        imageId: 'train/a b',
        annotator: 'Ann',
        tasks: 1,
        activeSeconds: 1.5,
        clicks: 2,
        strokes: 3,
        pixels: 20,
      },
    ]);
    expect((await tool.get<CostList>(`/costs?pageToken=${page.nextPageToken}`)).costs[0]?.taskId).toBe('t1');
    const response = await tool.ask('/costs.csv?campaignId=streets');
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(await response.text()).toBe(
      [
        'taskId,campaignId,cycle,imageId,annotator,activeSeconds,clicks,strokes,pixels',
        't0,streets,2,train/a b,Ann,1.5,2,3,20',
        't1,streets,2,train/a b,"\'=HYPERLINK(""x"")",1.5,2,3,20',
        't2,streets,2,train/a b,"Ben ""B"", jr.",1.5,2,3,20',
        '',
      ].join('\n'),
    );
  });

  it('is summed up by annotator, beside how far others agree', async () => {
    const { annotators } = await tool.get<AnnotatorList>('/annotators?campaignId=streets');
    expect(annotators).toHaveLength(3);
    expect(annotators[0]).toEqual({
      annotator: 'Ann',
      tasks: 1,
      activeSeconds: 1.5,
      clicks: 2,
      strokes: 3,
      pixels: 20,
      goldIou: null,
      agreementIou: 0.5,
      returnedShare: 0,
    });
  });

  it('suspicious labels come with their task and how far the model contradicts', async () => {
    const { labels } = await tool.get<SuspiciousList>('/suspicious');
    expect(labels[0]).toMatchObject({ disagreement: 0.25, task: { taskId: 't0', annotator: 'Ann' } });
  });
});

describe('a campaign that people label', () => {
  it('has in each cycle what they spent on it', async () => {
    const { datasetId } = await importDataset(registry.registry, tinyDataset());
    registry.startWorkers();
    const campaignId = await createCampaign(registry.registry, datasetId, { cycles: 2 });
    await untilEnded(registry.registry, campaignId);
    const cost = { activeSeconds: 1.5, clicks: 2n, strokes: 3n };
    queue.tasks.clear();
    for (const taskId of ['a', 'b']) queue.tasks.set(taskId, { ...task, taskId, campaignId, cycle: 0, cost });
    const { cycleList } = await tool.get<CampaignDetail>(`/campaigns/${campaignId}`);
    expect(cycleList.map((cycle) => cycle.cost)).toEqual([
      { tasks: 2, activeSeconds: 3, clicks: 4, strokes: 6, pixels: 40 },
      null,
    ]);
  });
});
