import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CampaignState } from '../../proto/gen/cpral/v1/resources.ts';
import type {
  CampaignDetail,
  CampaignSummary,
  WorkList,
  WorkSummary,
} from '../../services/label-tool/dashboard-types.ts';
import { call } from '../../services/shared/grpc/client.ts';
import { startTestRegistry, type TestRegistry } from '../support/registry.ts';
import { createCampaign, importDataset, tinyDataset } from '../support/tiny-dataset.ts';
import { startTestLabelTool, type TestLabelTool } from './support/label-tool.ts';
import { readEvents } from './support/read-events.ts';

const deadlineMs = 10_000;
let registry: TestRegistry;
let tool: TestLabelTool;
let datasetId: string;
let seed = 0;

beforeAll(async () => {
  // Without workers: campaigns stay where they are put.
  registry = await startTestRegistry();
  tool = await startTestLabelTool(registry.address);
  ({ datasetId } = await importDataset(registry.registry, tinyDataset()));
});
afterAll(async () => {
  await tool.close();
  await registry.close();
});

const newCampaign = () => createCampaign(registry.registry, datasetId, { seed: ++seed });
const detail = (campaignId: string) => tool.get<CampaignDetail>(`/campaigns/${campaignId}`);
const stateOf = async (campaignId: string) => {
  const { registry: pool } = registry;
  return (await call(pool.getCampaign.bind(pool), { campaignId }, { deadlineMs })).campaign?.state;
};

describe('pausing and resuming', () => {
  it('change the campaign in the registry, and what may be done next', async () => {
    const campaignId = await newCampaign();
    const { etag, actions } = await detail(campaignId);
    expect(actions).toEqual({ pause: true, resume: false, cancel: true });
    const paused = await tool.post<CampaignSummary>(
      `/campaigns/${campaignId}/pause`,
      { requestId: 'p1' },
      { 'if-match': etag },
    );
    expect(paused).toMatchObject({ state: 'paused', actions: { pause: false, resume: true, cancel: true } });
    expect(await stateOf(campaignId)).toBe(CampaignState.CAMPAIGN_STATE_PAUSED);
    const resumed = await tool.post<CampaignSummary>(
      `/campaigns/${campaignId}/resume`,
      { requestId: 'r1' },
      { 'if-match': paused.etag },
    );
    expect(resumed.state).toBe('running');
    expect(await stateOf(campaignId)).toBe(CampaignState.CAMPAIGN_STATE_RUNNING);
  });

  it('are done once for one request id', async () => {
    const campaignId = await newCampaign();
    const pause = () =>
      tool.post<CampaignSummary>(
        `/campaigns/${campaignId}/pause`,
        { requestId: `twice-${campaignId}` },
        { 'if-match': '*' },
      );
    expect((await pause()).etag).toBe((await pause()).etag);
  });

  it.each(['pause', 'resume', 'cancel'])('%s wants the entity tag of what was seen', async (action) => {
    const campaignId = await newCampaign();
    const route = `/campaigns/${campaignId}/${action}`;
    expect(await tool.refusal(route, { json: { requestId: 'a' } })).toMatchObject({ status: 428, field: 'If-Match' });
    const stale = { 'if-match': '"999"' };
    expect(await tool.refusal(route, { json: { requestId: `b-${action}` }, headers: stale })).toMatchObject({
      status: 412,
      reason: 'ETAG_MISMATCH',
    });
    for (const odd of ['999', '"a", "b"', 'W/"1"', '']) {
      expect(await tool.refusal(route, { json: { requestId: 'c' }, headers: { 'if-match': odd } })).toMatchObject({
        status: 400,
        field: 'If-Match',
      });
    }
  });

  it.each([{}, { requestId: '' }, { requestId: 'x'.repeat(129) }, { requestId: 7, more: 1 }, [], 'text'])(
    'refuse the body %j',
    async (json) => {
      const campaignId = await newCampaign();
      const refusal = await tool.refusal(`/campaigns/${campaignId}/pause`, { json, headers: { 'if-match': '*' } });
      expect(refusal).toMatchObject({ status: 400, title: 'Not as expected' });
      expect(await stateOf(campaignId)).toBe(CampaignState.CAMPAIGN_STATE_RUNNING);
    },
  );
});

describe('cancelling', () => {
  it('ends the campaign for good', async () => {
    const campaignId = await newCampaign();
    const { etag } = await detail(campaignId);
    const cancelled = await tool.post<CampaignSummary>(
      `/campaigns/${campaignId}/cancel`,
      { requestId: 'x' },
      { 'if-match': etag },
    );
    expect(cancelled).toMatchObject({ state: 'cancelled', actions: { pause: false, resume: false, cancel: false } });
    expect(await stateOf(campaignId)).toBe(CampaignState.CAMPAIGN_STATE_CANCELLED);
    for (const action of ['pause', 'resume', 'cancel']) {
      const again = { json: { requestId: `again-${action}` }, headers: { 'if-match': '*' } };
      expect(await tool.refusal(`/campaigns/${campaignId}/${action}`, again)).toMatchObject({
        status: 409,
        reason: 'CAMPAIGN_ENDED',
      });
    }
  });
});

describe('work', () => {
  it('is listed as the registry has it', async () => {
    const campaignId = await newCampaign();
    const { items } = await tool.get<WorkList>(`/work?campaignId=${campaignId}`);
    const { registry: pool } = registry;
    const request = { campaignId, states: [], pageSize: 0, pageToken: '' };
    const expected = (await call(pool.listWorkItems.bind(pool), request, { deadlineMs })).items;
    expect(items.map(({ itemId, kind, step, state }) => ({ itemId, kind, step, state }))).toEqual(
      expected.map(({ itemId, kind }) => ({ itemId, kind, step: 'initial-labels', state: 'open' })),
    );
    expect((await tool.get<WorkList>(`/work?campaignId=${campaignId}&state=parked`)).items).toEqual([]);
    expect(await tool.refusal('/work?state=lost')).toMatchObject({ status: 400, field: 'state' });
  });

  it('that was parked is opened again, by its id', async () => {
    const campaignId = await newCampaign();
    const [item] = (await tool.get<WorkList>(`/work?campaignId=${campaignId}`)).items;
    const { itemId } = item!;
    const { queue } = registry;
    const { lease } = await call(queue.leaseWorkItem.bind(queue), { itemId, worker: 'somebody' }, { deadlineMs });
    const failure = { itemId, leaseToken: lease!.leaseToken, cause: 'it is broken', permanent: true };
    await call(queue.failWorkItem.bind(queue), failure, { deadlineMs });
    const parked = (await tool.get<WorkList>(`/work?campaignId=${campaignId}&state=parked`)).items;
    if (parked.length > 0) expect(parked[0]).toMatchObject({ cause: 'it is broken', worker: 'somebody' });
    const all = (await tool.get<WorkList>(`/work?campaignId=${campaignId}&state=split`)).items;
    expect(parked.length + all.length).toBe(1);
    const redriven = await tool.post<WorkList>('/work/redrive', { requestId: `redrive-${campaignId}`, campaignId });
    expect(redriven.items.map((each) => each.itemId)).toEqual(parked.map((each) => each.itemId));
  });

  it('is redriven by items or by a campaign, not by both or none', async () => {
    expect(await tool.refusal('/work/redrive', { json: { requestId: 'n' } })).toMatchObject({
      status: 400,
      field: 'itemIds',
    });
    const both = { requestId: 'b', itemIds: ['x'], campaignId: 'y' };
    expect(await tool.refusal('/work/redrive', { json: both })).toMatchObject({ status: 400, field: 'itemIds' });
  });
});

describe('the events of all campaigns', () => {
  it('tell the list and the queue as they are, and then what changes', async () => {
    const campaignId = await newCampaign();
    const response = await tool.ask('/events');
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    let work: WorkSummary | undefined;
    let state = '';
    for await (const { event, data } of readEvents(response)) {
      if (event === 'work') work = data as WorkSummary;
      else if ((data as CampaignSummary).campaignId === campaignId) state = (data as CampaignSummary).state;
      if (state === 'running' && work) {
        if (work.queues.length > 0)
          await tool.post(`/campaigns/${campaignId}/pause`, { requestId: `e-${campaignId}` }, { 'if-match': '*' });
      }
      if (state === 'paused') break;
    }
    expect(work?.queues.find(({ kind }) => kind === 'annotate')?.open).toBeGreaterThan(0);
    expect(work?.truncated).toBe(false);
  });
});
