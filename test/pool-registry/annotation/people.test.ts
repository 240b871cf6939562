import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { AnnotationPurpose, AnnotationTaskKind, AnnotationTaskState } from '../../../proto/gen/cpral/v1/annotation.ts';
import type { ImportDatasetRequest } from '../../../proto/gen/cpral/v1/pool_registry.ts';
import { type AnnotationConfig, CampaignState, Split } from '../../../proto/gen/cpral/v1/resources.ts';
import { annotationTasks } from '../../../services/pool-registry/schema.ts';
import { call } from '../../../services/shared/grpc/client.ts';
import { decodeMask } from '../../../services/shared/images/images.ts';
import { ORIGIN_HUMAN } from '../../../services/shared/labels/origins.ts';
import { all, byPeople, openPeople, type People } from '../../support/people.ts';
import { startTestRegistry, type TestRegistry } from '../../support/registry.ts';
import { createCampaign, importDataset, tinyDataset, untilEnded } from '../../support/tiny-dataset.ts';

const deadlineMs = 10_000;
const { ANNOTATION_TASK_STATE_ACCEPTED, ANNOTATION_TASK_STATE_RETURNED } = AnnotationTaskState;
const { ANNOTATION_TASK_STATE_LEASED, ANNOTATION_TASK_STATE_SUBMITTED } = AnnotationTaskState;
const { ANNOTATION_TASK_STATE_OPEN, ANNOTATION_TASK_STATE_SKIPPED } = AnnotationTaskState;
const IGNORED = 254;

let test: TestRegistry;
let people: People;
afterEach(async () => {
  people.close();
  await test.close();
});

/** Nobody knows the classes of the training images. */
async function* withoutTruth(): AsyncGenerator<ImportDatasetRequest> {
  for await (const request of tinyDataset()) {
    const image = request.part?.$case === 'image' ? request.part.value : undefined;
    if (image?.split !== Split.SPLIT_TRAIN) yield request;
    else yield { part: { $case: 'image', value: { ...image, groundTruth: undefined } } };
  }
}

async function start(annotation: Partial<AnnotationConfig> = {}, dataset = tinyDataset(), folder?: string) {
  test = await startTestRegistry(folder === undefined ? {} : { folder });
  people = openPeople(test.address, test.objects);
  const { datasetId } = await importDataset(test.registry, dataset);
  const campaignId = await createCampaign(test.registry, datasetId, { cycles: 2, ...byPeople(annotation) });
  return { datasetId, campaignId };
}

const labelsOf = async (campaignId: string) =>
  (
    await call(
      test.registry.listLabels.bind(test.registry),
      { campaignId, imageIds: [], pageSize: 0, pageToken: '' },
      { deadlineMs },
    )
  ).labels;

/** Answers whatever comes until nothing waits any more. */
async function answerAll(annotator: string, id = 1): Promise<number> {
  for (let answered = 0; ; answered++) {
    const task = await people.lease(annotator);
    if (!task) return answered;
    await people.answer(task, all(task, id));
  }
}

/** Works until the campaign has ended: tasks come when the model has chosen them. */
async function workUntilDone(campaignId: string, annotators: readonly string[]): Promise<number> {
  let answered = 0;
  const ended = untilEnded(test.registry, campaignId).then((campaign) => ({ campaign }));
  for (;;) {
    for (const annotator of annotators) answered += await answerAll(annotator);
    const done = await Promise.race([ended, sleep(20, undefined)]);
    if (done) return done.campaign.state === CampaignState.CAMPAIGN_STATE_SUCCEEDED ? answered : -1;
  }
}

describe('a campaign that people annotate', () => {
  it('goes from its images to its last model by what they say, without any ground truth of the pool', async () => {
    const { campaignId } = await start({}, withoutTruth());
    test.startWorkers();
    const answered = await workUntilDone(campaignId, ['ada']);
    expect(answered).toBeGreaterThan(2);
    const labels = await labelsOf(campaignId);
    for (const { masks } of labels) {
      const classes = (await decodeMask(await test.objects.get(masks!.classes!))).data;
      const origins = (await decodeMask(await test.objects.get(masks!.origins!))).data;
      expect([...new Set(origins)].filter((origin) => origin !== 0)).toEqual([ORIGIN_HUMAN]);
      expect(classes.every((id, i) => id === (origins[i] === ORIGIN_HUMAN ? 1 : 255))).toBe(true);
    }
  });

  it('asks for whole images first, and says why', async () => {
    const { campaignId } = await start();
    const task = (await people.lease('ada'))!;
    expect(task).toMatchObject({
      campaignId,
      kind: AnnotationTaskKind.ANNOTATION_TASK_KIND_IMAGE,
      state: ANNOTATION_TASK_STATE_LEASED,
      annotator: 'ada',
      reason: 'Drawn by chance: one of the images that the first model learns from.',
      window: { top: 0, left: 0, height: 12, width: 18 },
      purpose: AnnotationPurpose.ANNOTATION_PURPOSE_UNSPECIFIED,
    });
    expect(task.classMap?.classes.map(({ name }) => name)).toEqual(['road', 'sky', 'car']);
  });

  it('hands nothing out while it is paused', async () => {
    const { campaignId } = await start();
    await call(
      test.registry.pauseCampaign.bind(test.registry),
      { campaignId, requestId: '', etag: '' },
      { deadlineMs },
    );
    expect(await people.lease('ada')).toBeUndefined();
  });

  it('loses nothing when the registry ends in the middle', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'cpral-people-'));
    const { campaignId } = await start({}, tinyDataset(), folder);
    const task = (await people.lease('ada'))!;
    const etag = await people.draft(task, all(task, 2));
    people.close();
    await test.close();
    test = await startTestRegistry({ folder });
    people = openPeople(test.address, test.objects);
    expect((await people.submit(task, etag)).state).toBe(ANNOTATION_TASK_STATE_ACCEPTED);
    expect((await people.list(campaignId)).filter(({ state }) => state === ANNOTATION_TASK_STATE_OPEN)).toHaveLength(1);
  });
});

describe('a task', () => {
  it('goes to one of two who ask at once', async () => {
    await start();
    const tasks = await Promise.all(['ada', 'bob', 'cyd'].map((annotator) => people.lease(annotator)));
    const ids = tasks.flatMap((task) => task?.taskId ?? []);
    expect(new Set(ids).size).toBe(2);
    expect(ids).toHaveLength(2);
  });

  it('comes back with its draft when its annotator goes away', async () => {
    await start({ leaseSeconds: 1 });
    const task = (await people.lease('ada'))!;
    await people.draft(task, all(task, 2));
    await test.db.update(annotationTasks).set({ leaseExpireTime: new Date(0) });
    const next = (await people.lease('bob', { taskId: task.taskId }))!;
    expect(next.taskId).toBe(task.taskId);
    expect(next.draft).toBeDefined();
    await expect(people.draft(task, all(task, 0))).rejects.toMatchObject({ code: 'ABORTED', reason: 'ETAG_MISMATCH' });
  });

  it('given back is for the next one, and a stale tag gives nothing back', async () => {
    await start();
    const task = (await people.lease('ada'))!;
    expect((await people.release(task, '99')).state).toBe(ANNOTATION_TASK_STATE_LEASED);
    expect((await people.release(task)).state).toBe(ANNOTATION_TASK_STATE_OPEN);
    expect((await people.lease('bob'))!.taskId).toBe(task.taskId);
    await expect(people.draft(task, all(task, 0))).rejects.toMatchObject({ reason: 'ETAG_MISMATCH' });
  });

  it('is submitted once, whoever asks twice', async () => {
    const { campaignId } = await start();
    const task = (await people.lease('ada'))!;
    const etag = await people.draft(task, all(task, 2));
    const first = await people.submit(task, etag, 'once');
    expect(await people.submit(task, etag, 'once')).toEqual(first);
    const costs = await call(
      people.queue.listAnnotationCosts.bind(people.queue),
      { campaignId, pageSize: 0, pageToken: '' },
      { deadlineMs },
    );
    expect(costs.costs).toMatchObject([
      { taskId: task.taskId, annotator: 'ada', cost: { activeSeconds: 2, clicks: 3n, strokes: 1n }, pixels: 216n },
    ]);
  });

  it.each([
    ['without a draft', undefined, 'expected a label for every pixel of the window, got none'],
    ['with nothing in it', 255, 'none of its pixels has a label'],
  ])('is not submitted %s', async (_, id, sentence) => {
    await start();
    const task = (await people.lease('ada'))!;
    const etag = id === undefined ? task.etag : await people.draft(task, all(task, id));
    await expect(people.submit(task, etag)).rejects.toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'INCOMPLETE',
      message: expect.stringContaining(sentence),
    });
  });

  it('is not submitted while a pixel has no label, and says how many', async () => {
    await start();
    const task = (await people.lease('ada'))!;
    const classes = all(task, 1);
    classes.fill(255, 0, 7);
    const etag = await people.draft(task, classes);
    await expect(people.submit(task, etag)).rejects.toThrow('7 of its 216 pixels have no label');
  });

  it('takes no draft of another size, and none with a class that there is not', async () => {
    await start();
    const task = (await people.lease('ada'))!;
    const smaller = { ...task, window: { ...task.window!, height: 6 } };
    await expect(people.draft(smaller, all(smaller, 1))).rejects.toThrow("a mask of the window's 12x18, got 6x18");
    await expect(people.draft(task, all(task, 3))).rejects.toThrow('classes below 3, 254 or 255, got 3');
  });

  it('skipped stays without a label and costs nothing', async () => {
    const { campaignId } = await start();
    test.startWorkers();
    const [skipped, answered] = [(await people.lease('ada'))!, (await people.lease('bob'))!];
    expect((await people.skip(skipped)).state).toBe(ANNOTATION_TASK_STATE_SKIPPED);
    await people.answer(answered, all(answered, IGNORED));
    await workUntilDone(campaignId, ['ada']);
    const labels = await labelsOf(campaignId);
    expect(labels.find(({ imageId }) => imageId === skipped.imageId)?.labelledPixels ?? 0n).toBeLessThan(216n);
    expect(labels.find(({ imageId }) => imageId === answered.imageId)).toMatchObject({
      labelledPixels: 216n,
      voidPixels: 216n,
    });
  });
});

describe('a review', () => {
  it('by somebody else decides, and a label that is sent back comes first to its annotator', async () => {
    await start({ review: true });
    const task = (await people.lease('ada'))!;
    const submitted = await people.answer(task, all(task, 1));
    expect(submitted.state).toBe(ANNOTATION_TASK_STATE_SUBMITTED);
    await expect(people.review(submitted, 'ada', true)).rejects.toMatchObject({ reason: 'NOT_REVIEWABLE' });
    await expect(people.review(submitted, 'rev', false, ' ')).rejects.toThrow('note: expected what is to be changed');
    const returned = await people.review(submitted, 'rev', false);
    expect(returned).toMatchObject({
      state: ANNOTATION_TASK_STATE_RETURNED,
      returned: { note: 'the kerb is pavement', by: 'rev' },
    });
    expect((await people.lease('bob'))!.taskId).not.toBe(task.taskId);
    const again = (await people.lease('ada'))!;
    expect(again).toMatchObject({ taskId: task.taskId, returned: { by: 'rev' } });
    const second = await people.answer(again, all(again, 2));
    expect((await people.review(second, 'rev', true)).state).toBe(ANNOTATION_TASK_STATE_ACCEPTED);
    const { annotators } = await call(
      people.queue.summarizeAnnotators.bind(people.queue),
      { campaignId: '' },
      { deadlineMs },
    );
    expect(annotators).toMatchObject([{ annotator: 'ada', tasks: 1n, returnedShare: 1, cost: { activeSeconds: 4 } }]);
  });

  it('is waited for', async () => {
    const { campaignId } = await start({ review: true });
    test.startWorkers();
    for (const annotator of ['ada', 'bob']) {
      const task = (await people.lease(annotator))!;
      await people.answer(task, all(task, 1));
    }
    expect(await people.lease('ada')).toBeUndefined();
    const tasks = await people.list(campaignId);
    expect(tasks.map(({ state }) => state)).toEqual([ANNOTATION_TASK_STATE_SUBMITTED, ANNOTATION_TASK_STATE_SUBMITTED]);
    expect(await labelsOf(campaignId)).toEqual([]);
  });
});

describe('agreement', () => {
  it('is measured between two people, neither of whom sees the same window twice', async () => {
    await start({ secondOpinionShare: 1 });
    const mine: string[] = [];
    for (let task = await people.lease('ada'); task; task = await people.lease('ada')) {
      mine.push(task.taskId);
      await people.answer(task, all(task, 1));
    }
    expect(mine).toHaveLength(2);
    const { campaignId } = (await people.list(''))[0]!;
    const tasks = await people.list(campaignId);
    expect(tasks).toHaveLength(4);
    expect(new Set(mine.map((id) => id.replace(/-b$/, ''))).size).toBe(2);
  });

  it('with the truth is measured on gold tasks, which look like any other and become no label', async () => {
    const { campaignId } = await start({ goldShare: 1 });
    test.startWorkers();
    const tasks = await people.list(campaignId);
    const gold = tasks.filter(({ purpose }) => purpose === AnnotationPurpose.ANNOTATION_PURPOSE_GOLD);
    expect(gold).toHaveLength(2);
    const leased = (await people.lease('ada', { taskId: gold[0]!.taskId }))!;
    expect(leased.purpose).toBe(AnnotationPurpose.ANNOTATION_PURPOSE_UNSPECIFIED);
    expect(leased.reason).toBe(tasks[0]!.reason);
    const answer = await people.answer(leased, all(leased, 1));
    expect(answer.state).toBe(ANNOTATION_TASK_STATE_ACCEPTED);
    const { annotators } = await call(
      people.queue.summarizeAnnotators.bind(people.queue),
      { campaignId },
      { deadlineMs },
    );
    // Every class is a third of the truth, and one was said everywhere: a third of one class, nothing of two.
    expect(annotators[0]!.goldIou).toBeCloseTo(1 / 9, 2);
    await workUntilDone(campaignId, ['ada', 'bob']);
    const inPool = new Set((await labelsOf(campaignId)).map(({ imageId }) => imageId));
    expect(gold.some(({ imageId }) => inPool.has(imageId))).toBe(false);
  });
});
