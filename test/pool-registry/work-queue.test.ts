import { setTimeout as sleep } from 'node:timers/promises';
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CampaignState, CampaignStep, WorkItemState } from '../../proto/gen/cpral/v1/resources.ts';
import type { WorkLease } from '../../proto/gen/cpral/v1/work.ts';
import { cycles, workItems as rows } from '../../services/pool-registry/schema.ts';
import { call } from '../../services/shared/grpc/client.ts';
import { startTestRegistry, type TestRegistry } from '../support/registry.ts';
import { createCampaign, importDataset, tinyDataset, untilEnded } from '../support/tiny-dataset.ts';

const deadlineMs = 10_000;
const ANY_STATE = [1, 2, 3, 4, 5, 6] as WorkItemState[];
let test: TestRegistry;
let datasetId: string;

beforeEach(async () => {
  test = await startTestRegistry();
  ({ datasetId } = await importDataset(test.registry, tinyDataset()));
});
afterEach(() => test.close());

const lease = (itemId: string) =>
  call(test.queue.leaseWorkItem.bind(test.queue), { itemId, worker: 'test' }, { deadlineMs });
const complete = (held: WorkLease, leaseToken = held.leaseToken) => {
  const result = { result: { $case: 'annotate' as const, value: { labels: [], quality: undefined } } };
  const request = { itemId: held.itemId, leaseToken, result, computeSeconds: 1 };
  return call(test.queue.completeWorkItem.bind(test.queue), request, { deadlineMs });
};
const release = ({
  itemId,
  leaseToken,
  delaySeconds = 0,
}: {
  itemId: string;
  leaseToken: string;
  delaySeconds?: number;
}) =>
  call(
    test.queue.releaseWorkItem.bind(test.queue),
    { itemId, leaseToken, cause: 'its worker stops', delaySeconds },
    { deadlineMs },
  );
const workItems = async ({ campaignId }: { campaignId: string }) => {
  const request = { campaignId, states: [], pageSize: 0, pageToken: '' };
  return (await call(test.registry.listWorkItems.bind(test.registry), request, { deadlineMs })).items;
};
const fail = (held: WorkLease, permanent = false) => {
  const request = { itemId: held.itemId, leaseToken: held.leaseToken, cause: 'the disk is on fire', permanent };
  return call(test.queue.failWorkItem.bind(test.queue), request, { deadlineMs });
};
const campaignNow = async (campaignId: string) =>
  (await call(test.registry.getCampaign.bind(test.registry), { campaignId }, { deadlineMs })).campaign;

/** The first work item of a fresh campaign: its initial labels. */
async function firstItem(): Promise<{ campaignId: string; itemId: string }> {
  const campaignId = await createCampaign(test.registry, datasetId, {});
  return { campaignId, itemId: `${campaignId}/0/1/0` };
}

/** The training of a campaign whose initial labels are there. */
async function trainingItem(): Promise<{ campaignId: string; itemId: string }> {
  const { campaignId, itemId: initial } = await firstItem();
  await complete(await leased(initial));
  return { campaignId, itemId: `${campaignId}/0/2/0` };
}

async function leased(itemId: string): Promise<WorkLease> {
  const { lease: held } = await lease(itemId);
  if (!held) throw new Error('no lease');
  return held;
}

describe('the work queue', () => {
  it('gives an item to one worker: the second is refused', async () => {
    const { itemId } = await firstItem();
    await leased(itemId);
    await expect(lease(itemId)).rejects.toMatchObject({ code: 'FAILED_PRECONDITION', reason: 'WORK_ITEM_NOT_OPEN' });
  });

  it('commits a result once: the second report of the same item changes nothing', async () => {
    const { campaignId, itemId } = await firstItem();
    const held = await leased(itemId);
    await complete(held);
    const after = await campaignNow(campaignId);
    await complete(held);
    expect(await campaignNow(campaignId)).toEqual(after);
  });

  it('takes a result though the next step cannot be entered, and the campaign moves on once it can', async () => {
    const { campaignId, itemId } = await firstItem();
    const held = await leased(itemId);
    // As it would be if the cycle had begun already: entering it again is refused.
    await test.db.insert(cycles).values({ campaignId, cycle: 0, labelled: {} });
    await complete(held);
    expect((await campaignNow(campaignId))?.step).toBe(CampaignStep.CAMPAIGN_STEP_INITIAL_LABELS);
    await test.db.delete(cycles);
    const stepNow = async () => (await campaignNow(campaignId))?.step;
    await expect.poll(stepNow, { timeout: 60_000 }).toBe(CampaignStep.CAMPAIGN_STEP_TRAIN);
  });

  it('refuses the result of a worker whose lease is not the present one', async () => {
    const { itemId } = await firstItem();
    const held = await leased(itemId);
    await expect(complete(held, 'somebody-else')).rejects.toMatchObject({ code: 'ABORTED', reason: 'LEASE_LOST' });
  });

  it('refuses all that a worker says about an item which another one has by now', async () => {
    await test.close();
    test = await startTestRegistry({ leaseMs: 2_000 });
    ({ datasetId } = await importDataset(test.registry, tinyDataset()));
    const { campaignId, itemId } = await firstItem();
    const late = await leased(itemId);
    const present = await untilLeased(itemId);
    expect(present.attempt).toBe(2);
    const lost = { code: 'ABORTED', reason: 'LEASE_LOST' };
    const renewal = { itemId, leaseToken: late.leaseToken, progress: undefined };
    await expect(call(test.queue.renewLease.bind(test.queue), renewal, { deadlineMs })).rejects.toMatchObject(lost);
    await expect(complete(late)).rejects.toMatchObject(lost);
    await expect(fail(late)).rejects.toMatchObject(lost);
    await expect(release(late)).rejects.toMatchObject(lost);
    await complete(present);
    expect((await campaignNow(campaignId))?.step).toBe(CampaignStep.CAMPAIGN_STEP_TRAIN);
  });

  it('opens a failed training again, and after three failures parks it and fails its campaign with the cause', async () => {
    const { campaignId, itemId } = await trainingItem();
    for (let failure = 1; failure <= 3; failure++) {
      const held = await untilLeased(itemId);
      expect(held.attempt).toBe(failure);
      const { retryDelay } = await fail(held);
      expect(retryDelay === undefined).toBe(failure === 3);
    }
    const campaign = await untilEnded(test.registry, campaignId);
    expect(campaign.state).toBe(CampaignState.CAMPAIGN_STATE_FAILED);
    expect(campaign.error).toContain('the disk is on fire');
  });

  it('parks a training at once where trying again cannot help, and a resumed campaign tries it again', async () => {
    const { campaignId, itemId } = await trainingItem();
    await fail(await untilLeased(itemId), true);
    expect((await campaignNow(campaignId))?.state).toBe(CampaignState.CAMPAIGN_STATE_FAILED);

    await call(
      test.registry.resumeCampaign.bind(test.registry),
      { campaignId, etag: '', requestId: '' },
      { deadlineMs },
    );
    test.startWorkers();
    expect((await untilEnded(test.registry, campaignId)).state).toBe(CampaignState.CAMPAIGN_STATE_SUCCEEDED);
  });

  it('opens an item at once that its worker gives back, and counts neither attempt nor failure', async () => {
    const { itemId } = await firstItem();
    for (let lease = 1; lease <= 4; lease++) {
      const { leaseToken } = await leased(itemId);
      await release({ itemId, leaseToken });
    }
    const [item] = await workItems({ campaignId: itemId.split('/')[0]! });
    expect(item).toMatchObject({ itemId, state: WorkItemState.WORK_ITEM_STATE_OPEN, attempts: 0, failures: 0 });
  });

  it('gives up no item whose worker dies once, however often others gave it back', async () => {
    await test.close();
    test = await startTestRegistry({ leaseMs: 2_000 });
    ({ datasetId } = await importDataset(test.registry, tinyDataset()));
    const { campaignId, itemId } = await trainingItem();
    for (let lease = 1; lease <= 25; lease++) await release(await untilLeased(itemId));
    await leased(itemId);
    expect((await untilLeased(itemId)).attempt).toBe(2);
    expect((await campaignNow(campaignId))?.state).toBe(CampaignState.CAMPAIGN_STATE_RUNNING);
  });

  it('does not open an item before the time that its worker asked for', async () => {
    const { itemId } = await firstItem();
    const { leaseToken } = await leased(itemId);
    await release({ itemId, leaseToken, delaySeconds: 60 });
    await expect(lease(itemId)).rejects.toMatchObject({ code: 'FAILED_PRECONDITION' });
    await expect(release({ itemId, leaseToken })).rejects.toMatchObject({ code: 'ABORTED', reason: 'LEASE_LOST' });
    await expect(release({ itemId, leaseToken, delaySeconds: 4_000 })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      field: 'delay_seconds',
    });
  });

  it.each([
    { attempts: 19, state: WorkItemState.WORK_ITEM_STATE_OPEN },
    { attempts: 20, state: WorkItemState.WORK_ITEM_STATE_SPLIT },
  ])('an item whose workers died $attempts times is $state', async ({ attempts, state }) => {
    await test.close();
    test = await startTestRegistry({ leaseMs: 2_000 });
    ({ datasetId } = await importDataset(test.registry, tinyDataset()));
    const { campaignId, itemId } = await firstItem();
    await leased(itemId);
    await test.db
      .update(rows)
      .set({ attempts, leaseExpireTime: new Date(0) })
      .where(eq(rows.itemId, itemId));
    const request = { campaignId, states: ANY_STATE, pageSize: 0, pageToken: '' };
    const stateNow = async () => {
      const { items } = await call(test.registry.listWorkItems.bind(test.registry), request, { deadlineMs });
      return items.find((item) => item.itemId === itemId);
    };
    await expect.poll(stateNow, { timeout: 20_000 }).toMatchObject({
      state,
      cause: expect.stringContaining('its worker went silent'),
    });
  });

  it('hands out nothing of a paused campaign, and everything again after a resume', async () => {
    const { campaignId, itemId } = await firstItem();
    const change = { campaignId, etag: '', requestId: '' };
    await call(test.registry.pauseCampaign.bind(test.registry), change, { deadlineMs });
    await expect(lease(itemId)).rejects.toMatchObject({ code: 'FAILED_PRECONDITION' });
    await call(test.registry.resumeCampaign.bind(test.registry), change, { deadlineMs });
    test.startWorkers();
    expect((await untilEnded(test.registry, campaignId)).state).toBe(CampaignState.CAMPAIGN_STATE_SUCCEEDED);
  });

  it('takes the lease away when the campaign is cancelled', async () => {
    const { campaignId, itemId } = await firstItem();
    const held = await leased(itemId);
    const operationId = (await campaignNow(campaignId))?.operationId ?? '';
    await call(test.operations.cancelOperation.bind(test.operations), { operationId }, { deadlineMs });
    const renewal = { itemId, leaseToken: held.leaseToken, progress: undefined };
    await expect(call(test.queue.renewLease.bind(test.queue), renewal, { deadlineMs })).rejects.toMatchObject({
      code: 'ABORTED',
    });
    const { operation } = await call(
      test.operations.waitOperation.bind(test.operations),
      { operationId, timeoutSeconds: 5 },
      { deadlineMs },
    );
    expect(operation).toMatchObject({ done: true, error: { code: 1 } });
  });

  it('refuses the result of work whose campaign was cancelled, and labels nothing', async () => {
    const { campaignId, itemId } = await firstItem();
    const held = await leased(itemId);
    const { operationId } = (await campaignNow(campaignId)) ?? { operationId: '' };
    await call(test.operations.cancelOperation.bind(test.operations), { operationId }, { deadlineMs });
    const after = await campaignNow(campaignId);
    await expect(complete(held)).rejects.toMatchObject({ code: 'ABORTED', reason: 'LEASE_LOST' });
    expect(await campaignNow(campaignId)).toEqual(after);
  });

  it('commits equal work of other campaigns with it, but not of those that have ended', async () => {
    const { itemId } = await firstItem();
    const [twin, ended] = [
      await createCampaign(test.registry, datasetId, { strategy: 'random' }),
      await createCampaign(test.registry, datasetId, { strategy: 'region-only' }),
    ];
    const held = await leased(itemId);
    const { operationId } = (await campaignNow(ended)) ?? { operationId: '' };
    await call(test.operations.cancelOperation.bind(test.operations), { operationId }, { deadlineMs });
    const before = await campaignNow(ended);
    await complete(held);
    expect((await campaignNow(twin))?.step).toBe(CampaignStep.CAMPAIGN_STEP_TRAIN);
    expect(await campaignNow(ended)).toEqual(before);
  });

  it('puts off an item whose equal is in work, longer the longer that takes, and finishes it with that one all the same', async () => {
    const { itemId } = await firstItem();
    const twin = await createCampaign(test.registry, datasetId, { strategy: 'random' });
    const waiting = `${twin}/0/1/0`;
    const held = await leased(itemId);
    const row = eq(rows.itemId, waiting);
    const putOffMs = async (openedMsAgo: number) => {
      const now = Date.now();
      await test.db
        .update(rows)
        .set({ createTime: new Date(now - openedMsAgo), notBefore: new Date(0) })
        .where(row);
      await expect(lease(waiting)).rejects.toMatchObject({ code: 'FAILED_PRECONDITION' });
      const [item] = await test.db.select().from(rows).where(row);
      return item!.notBefore.getTime() - now;
    };
    const delaysMs = [await putOffMs(0), await putOffMs(20_000), await putOffMs(3_600_000)];
    expect(delaysMs).toEqual(delaysMs.toSorted((a, b) => a - b));
    expect(delaysMs[0]).toBeGreaterThan(1_000);
    expect(delaysMs[2]).toBeLessThan(60_000);
    await complete(held);
    expect((await campaignNow(twin))?.step).toBe(CampaignStep.CAMPAIGN_STEP_TRAIN);
  });

  it('keeps a checkpoint for the next attempt', async () => {
    const { itemId } = await firstItem();
    const held = await leased(itemId);
    const state = { digest: `sha256/${'a'.repeat(64)}`, sizeBytes: 1n };
    const progress = { unitsDone: 1, unitsTotal: 2, message: 'step 1', checkpoint: { step: 1, state } };
    await call(
      test.queue.renewLease.bind(test.queue),
      { itemId, leaseToken: held.leaseToken, progress },
      { deadlineMs },
    );
    await fail(held);
    expect((await untilLeased(itemId)).checkpoint).toEqual({ step: 1, state });
  });

  it('counts dead workers since the last step forward alone, so that a long training outlives any number of them', async () => {
    const { itemId } = await firstItem();
    const held = await leased(itemId);
    const attemptsNow = async () => (await workItems({ campaignId: held.campaignId }))[0]?.attempts;
    const renew = (step: number) => {
      const checkpoint = { step, state: { digest: `sha256/${'a'.repeat(64)}`, sizeBytes: 1n } };
      const progress = { unitsDone: 1, unitsTotal: 2, message: '', checkpoint };
      const request = { itemId, leaseToken: held.leaseToken, progress };
      return call(test.queue.renewLease.bind(test.queue), request, { deadlineMs });
    };
    await test.db.update(rows).set({ attempts: 19 }).where(eq(rows.itemId, itemId));
    await renew(100);
    expect(await attemptsNow()).toBe(1);
    await test.db.update(rows).set({ attempts: 19 }).where(eq(rows.itemId, itemId));
    // A renewal repeats the newest checkpoint each second: that is no step forward.
    await renew(100);
    expect(await attemptsNow()).toBe(19);
    await renew(200);
    expect(await attemptsNow()).toBe(1);
  });
});

/** A failed item waits before it is handed out again. */
async function untilLeased(itemId: string): Promise<WorkLease> {
  for (;;) {
    const answer = await lease(itemId).catch(() => undefined);
    if (answer?.lease) return answer.lease;
    await sleep(100);
  }
}
