// What Prometheus reads from a registry with workers, beside what the registry itself answers.
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { CampaignState, type WorkItem, WorkItemState } from '../../proto/gen/cpral/v1/resources.ts';
import { imagesOf } from '../../services/pool-registry/campaign/split-spec.ts';
import { openBus } from '../../services/shared/bus/open-bus.ts';
import { processCompute } from '../../services/shared/compute/process-compute.ts';
import { CpralError, invalid } from '../../services/shared/errors.ts';
import { call } from '../../services/shared/grpc/client.ts';
import { startTelemetry, type Telemetry } from '../../services/shared/telemetry/telemetry.ts';
import { startTestLabelTool } from '../label-tool/support/label-tool.ts';
import { documentedMetrics, familyOf, labelValuesOf, readDashboard } from '../support/metric-docs.ts';
import { readPromql } from '../support/promql.ts';
import { startTestRegistry, type TestRegistry } from '../support/registry.ts';
import { type Series, scrape } from '../support/scrape.ts';
import { silent } from '../support/silent.ts';
import { createCampaign, importDataset, tinyDataset, untilEnded } from '../support/tiny-dataset.ts';

const deadlineMs = 10_000;
const POISON = 'image-004';
const TAKE_STEPS = new URL('../support/functions/take-steps.ts', import.meta.url);
const ADDED_BY_PROMETHEUS = ['job', 'instance'];
/** Gauges that are read from the database lag by some seconds. */
const CAUGHT_UP = { timeout: 15_000, interval: 250 };

let telemetry: Telemetry;
const bus = openBus(undefined, silent);
let test: TestRegistry;
let campaignId: string;
let items: readonly WorkItem[];
/** Images of the ratings that were committed. */
let ratedImages = 0;

const listItems = async (states: WorkItemState[]) => {
  const request = { campaignId, states, pageSize: 1_000, pageToken: '' };
  return (await call(test.registry.listWorkItems.bind(test.registry), request, { deadlineMs })).items;
};
const untilSeries = (check: (series: Series) => void) =>
  vi.waitFor(async () => check(await scrape(telemetry.metricsAddress)), CAUGHT_UP);

/** Fails on one image for good, and the first time on all. */
function startFailingWorkers(): void {
  let hasFailed = false;
  test.startWorkers(1, {
    async rate(lease, options) {
      if (!hasFailed) {
        hasFailed = true;
        throw new CpralError('INTERNAL', 'once');
      }
      const images = imagesOf(lease.spec!);
      if (images.includes(POISON)) throw invalid('this one bites');
      ratedImages += images.length;
      return test.scripted('rate')(lease, options);
    },
  });
}

beforeAll(async () => {
  telemetry = await startTelemetry('test', { metricsListen: '127.0.0.1:0', traces: undefined });
  test = await startTestRegistry({ bus });
  const { datasetId } = await importDataset(test.registry, tinyDataset());
  campaignId = await createCampaign(test.registry, datasetId, {});
});
afterAll(async () => {
  await test.close();
  await bus.close();
  await telemetry.close();
});

describe('the metrics of a registry', () => {
  it('count the work that waits, as the registry lists it', async () => {
    const waiting = await listItems([WorkItemState.WORK_ITEM_STATE_OPEN]);
    expect(waiting.map(({ kind }) => kind)).toEqual(['annotate']);
    await untilSeries((series) => {
      expect(series.get('cpral_work_items{kind="annotate",state="open"}')).toBe(1);
      expect(series.get('cpral_work_items{kind="train",state="open"}')).toBe(0);
      expect(series.get('cpral_work_items{kind="annotate",state="leased"}')).toBe(0);
    });
  });

  it('agree with the registry once a campaign has ended: pool, learning curve, parked work', async () => {
    startFailingWorkers();
    const campaign = await untilEnded(test.registry, campaignId);
    expect(campaign.state).toBe(CampaignState.CAMPAIGN_STATE_SUCCEEDED);
    const { cycles } = await call(
      test.registry.listCycles.bind(test.registry),
      { campaignId, pageSize: 0, pageToken: '' },
      { deadlineMs },
    );
    expect(cycles).toHaveLength(3);
    const pool = (state: string) => `cpral_pool_images{campaign="${campaignId}",state="${state}"}`;
    await untilSeries((series) => {
      expect(series.get(pool('unlabelled'))).toBe(Number(campaign.pool?.unlabelled));
      expect(series.get(pool('partly_labelled'))).toBe(Number(campaign.pool?.partlyLabelled));
      expect(series.get(pool('fully_labelled'))).toBe(Number(campaign.pool?.fullyLabelled));
      expect(series.get(pool('excluded'))).toBe(1);
      for (const { cycle, evaluation } of cycles) {
        const miou = series.get(`cpral_model_miou{campaign="${campaignId}",cycle="${cycle}"}`);
        expect(miou).toBe(evaluation?.miou);
      }
      expect(series.get('cpral_work_parked{kind="rate"}')).toBe(1);
      expect(series.get('cpral_work_items{kind="annotate",state="open"}')).toBe(0);
      expect(series.get('cpral_outbox_messages')).toBe(0);
    });
  });

  it('count what was committed, its seconds and its images', async () => {
    items = await listItems([WorkItemState.WORK_ITEM_STATE_DONE]);
    const series = await scrape(telemetry.metricsAddress);
    for (const kind of ['train', 'rate', 'find_regions', 'annotate', 'extend_labels']) {
      const done = items.filter((item) => item.kind === kind);
      expect(done.length, kind).toBeGreaterThan(0);
      expect(series.get(`cpral_work_item_seconds_count{kind="${kind}"}`), kind).toBe(done.length);
    }
    // Each scripted training says that it took a second.
    expect(series.get('cpral_work_item_seconds_sum{kind="train"}')).toBe(3);
    expect(series.get('cpral_images_total{kind="rate"}')).toBe(ratedImages);
    expect(series.get('cpral_images_total{kind="train"}')).toBe(0);
  });

  it('count what was tried again, and why', async () => {
    const series = await scrape(telemetry.metricsAddress);
    expect(series.get('cpral_work_retries_total{kind="rate",reason="failed"}')).toBe(1);
  });

  it('time each call by method and code', async () => {
    const unknown = call(test.registry.getCampaign.bind(test.registry), { campaignId: 'no-such' }, { deadlineMs });
    await expect(unknown).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const series = await scrape(telemetry.metricsAddress);
    const calls = (method: string, code: string) =>
      series.get(`cpral_grpc_server_request_seconds_count{method="cpral.v1.${method}",code="${code}"}`);
    expect(calls('PoolRegistry/CreateCampaign', 'OK')).toBe(1);
    expect(calls('PoolRegistry/GetCampaign', 'NOT_FOUND')).toBe(1);
    expect(calls('WorkQueue/CompleteWorkItem', 'OK')).toBe(items.length);
    expect(calls('PoolRegistry/ImportDataset', 'OK')).toBe(1);
    expect(calls('PoolRegistry/WatchCampaign', 'OK')).toBe(1);
  });

  it('say whether the bus answers, and what the process itself takes', async () => {
    const series = await scrape(telemetry.metricsAddress);
    expect(series.get('cpral_bus_connected')).toBe(1);
    expect(series.get('process_resident_memory_bytes')).toBeGreaterThan(1e6);
  });
});

describe('the metrics of a worker', () => {
  it('have the training steps and the memory of its compute process for as long as that lives', async () => {
    const compute = processCompute({ objectsUrl: 'file:///tmp', log: silent });
    await compute.run(TAKE_STEPS, { steps: 3 });
    const during = await scrape(telemetry.metricsAddress);
    await compute.close();
    const after = await scrape(telemetry.metricsAddress);
    expect(during.get('cpral_training_step_seconds_count')).toBe(3);
    expect(during.get('cpral_training_step_seconds_sum')).toBe(0.75);
    expect(during.get('cpral_compute_child_resident_bytes')).toBeGreaterThan(20e6);
    expect(after.get('cpral_compute_child_resident_bytes')).toBe(0);
  });
});

describe('the metrics of the label tool', () => {
  it('time each request by route and status, whatever ids are in its address', async () => {
    const tool = await startTestLabelTool(test.address);
    try {
      await tool.get(`/campaigns/${campaignId}`);
      await tool.refusal('/campaigns/no-such');
      await untilSeries((series) => {
        const requests = (status: number) =>
          series.get(
            `cpral_http_request_seconds_count{method="GET",route="/api/v1/campaigns/:campaignId",status="${status}"}`,
          );
        expect(requests(200)).toBe(1);
        expect(requests(404)).toBe(1);
      });
    } finally {
      await tool.close();
    }
  });
});

/** Labels of each of our metrics, as they are served after all that was done above. */
async function servedMetrics(): Promise<Map<string, string[]>> {
  const series = [...(await scrape(telemetry.metricsAddress)).keys()].filter((name) => name.startsWith('cpral_'));
  return new Map(
    series.map((each) => {
      const labels = [...each.matchAll(/(\w+)="/g)].map(([, label = '']) => label).filter((label) => label !== 'le');
      return [familyOf(each.replace(/\{.*/, '')), labels.sort()];
    }),
  );
}

describe('docs and dashboard', () => {
  it('the table of metrics has those that are served, with their labels, and no others', async () => {
    const documented = [...(await documentedMetrics())].map(([name, { labels }]) => [name, labels]);
    expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(await servedMetrics()));
  });

  it('the table of metrics says their types', async () => {
    const text = await (await fetch(`http://${telemetry.metricsAddress}/metrics`)).text();
    for (const [name, { type }] of await documentedMetrics()) expect(text).toContain(`# TYPE ${name} ${type}\n`);
  });

  it('the dashboard asks for metrics, labels and values that are served, and leaves no metric out', async () => {
    const served = await servedMetrics();
    const series = [...(await scrape(telemetry.metricsAddress)).keys()];
    const { panels, templating } = await readDashboard();
    const exprs = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
    expect(exprs.length).toBeGreaterThan(20);
    const asked = new Set<string>();
    const expectServed = (metric: string, labels: readonly string[], said: string) => {
      const isServed = series.some((each) => each.replace(/\{.*/, '') === metric);
      expect(isServed, `${metric} in ${said}`).toBe(true);
      const bucket = metric.endsWith('_bucket') ? ['le'] : [];
      const own = [...(served.get(familyOf(metric)) ?? []), ...bucket, ...ADDED_BY_PROMETHEUS];
      for (const label of labels) expect(own, said).toContain(label);
      asked.add(familyOf(metric));
    };
    for (const expr of exprs) {
      const { selectors } = readPromql(expr);
      expect(selectors.length, expr).toBeGreaterThan(0);
      for (const { metric, labels, values } of selectors) {
        expectServed(metric, labels, expr);
        const wanted = Object.entries(values).map(([label, value]) => `${label}="${value}"`);
        const isThere = (each: string) =>
          each.replace(/\{.*/, '') === metric && wanted.every((pair) => each.includes(pair));
        expect(series.some(isThere), expr).toBe(true);
      }
    }
    for (const { definition } of templating.list) {
      if (definition === undefined) continue;
      const { metric, label } = labelValuesOf(definition);
      expectServed(metric, [label], definition);
    }
    expect([...served.keys()].filter((name) => !asked.has(name))).toEqual([]);
  });

  it('the dashboard names curves by labels that its expressions leave', async () => {
    const served = await servedMetrics();
    const { panels } = await readDashboard();
    for (const { expr, legendFormat = '' } of panels.flatMap(({ targets = [] }) => targets)) {
      const { selectors, groupedBy } = readPromql(expr);
      const own = selectors.flatMap(({ metric }) => served.get(familyOf(metric)) ?? []);
      const left = groupedBy ?? [...own, ...ADDED_BY_PROMETHEUS];
      for (const [, label = ''] of legendFormat.matchAll(/\{\{\s*(\w+)\s*\}\}/g)) expect(left, expr).toContain(label);
    }
  });

  it.each([
    ['sum by (kind (cpral_work_items)', 'is no PromQL'],
    ['rate(cpral_images_total[$__rate_intervall])', 'is no PromQL'],
  ])('an expression with a mistake is found out: %s', (expr, message) => {
    expect(() => readPromql(expr)).toThrow(message);
  });

  it('the dashboard is one that Grafana 11 loads: a schema of its time, and each panel with a place and an id of its own', async () => {
    const { schemaVersion, panels } = await readDashboard();
    expect(schemaVersion).toBe(39);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(Math.max(...panels.map(({ gridPos: { x, w } }) => x + w))).toBe(24);
  });
});

describe('the address of the metrics', () => {
  it('answers nothing else', async () => {
    const root = `http://${telemetry.metricsAddress}`;
    expect((await fetch(root)).status).toBe(404);
    expect((await fetch(`${root}/metrics`, { method: 'POST' })).status).toBe(405);
    expect((await fetch(`${root}/metrics`)).headers.get('content-type')).toContain('text/plain');
  });

  it('is refused where somebody listens already, naming the variable', async () => {
    const metricsListen = telemetry.metricsAddress;
    await expect(startTelemetry('second', { metricsListen, traces: undefined })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      field: 'CPRAL_METRICS_LISTEN',
    });
  });
});
