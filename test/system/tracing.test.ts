// One trace from the client through registry, database, bus and worker to the compute process, and log lines with its id.
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { CampaignState } from '../../proto/gen/cpral/v1/resources.ts';
import { createClient, hasEnded, type RegistryClient } from '../../services/cli/client.ts';
import type { Bus } from '../../services/shared/bus/bus.ts';
import { memoryBus } from '../../services/shared/bus/memory-bus.ts';
import { processCompute } from '../../services/shared/compute/process-compute.ts';
import { allMetrics } from '../../services/shared/telemetry/metrics.ts';
import { startTracing, type Tracing } from '../../services/shared/telemetry/tracing.ts';
import type { WorkHandler } from '../../services/shared/worker/worker-service.ts';
import { presetConfig } from '../support/campaign-config.ts';
import { type CollectedSpan, type Collector, startCollector } from '../support/collector.ts';
import { type LogLines, logLines } from '../support/log-lines.ts';
import { connectedBus, startTestNats } from '../support/nats.ts';
import { startTestRegistry, type TestRegistry } from '../support/registry.ts';
import { readSeries } from '../support/scrape.ts';
import { tinyDataset } from '../support/tiny-dataset.ts';

const CREATE = 'cpral.v1.PoolRegistry/CreateCampaign';
const LEASE = 'cpral.v1.WorkQueue/LeaseWorkItem';
const COMPLETE = 'cpral.v1.WorkQueue/CompleteWorkItem';

let collector: Collector;
let tracing: Tracing;
let nats: Awaited<ReturnType<typeof startTestNats>> | undefined;
let bus: Bus;
let registry: TestRegistry;
let client: RegistryClient;
let log: LogLines;
let campaignId: string;
let spans: readonly CollectedSpan[];

/** A whole campaign on a bus of its own, in the process or on NATS, with an annotator that computes in a process of its own. */
beforeAll(async () => {
  collector = await startCollector();
  // The compute process has its environment from this one, as it has from a service.
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = collector.endpoint;
  tracing = await startTracing('test', { sampler: 'parentbased_always_on', ratio: 1 });
  log = logLines('test');
  if (inject('servers')) nats = await startTestNats();
  bus = nats ? await connectedBus(nats.url) : memoryBus();
  const openCompute = (objectsUrl: string) => processCompute({ objectsUrl, log: log.log });
  registry = await startTestRegistry({ bus, log: log.log, openCompute });
  client = createClient(registry.address, new AbortController().signal);
  registry.startWorkers(1, { train: trainUntilRenewed });

  const { dataset } = await client.importDataset(tinyDataset());
  const created = await client.createCampaign({
    datasetId: dataset?.datasetId ?? '',
    config: presetConfig({}),
    validateOnly: false,
  });
  campaignId = created.campaign?.campaignId ?? '';
  for await (const campaign of client.watchCampaign(campaignId)) {
    if (hasEnded(campaign)) expect(campaign.state).toBe(CampaignState.CAMPAIGN_STATE_SUCCEEDED);
  }
  client.close();
  await registry.close();
  await bus.close();
  await tracing.flush();
  await collector.until((found) => found.some(({ name }) => name === 'compute annotate'));
  spans = collector.spans;
});

afterAll(async () => {
  await tracing.close();
  await collector.close();
  await nats?.close();
  delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT;
});

/** Trains for as long as it takes to keep the lease once. */
const trainUntilRenewed: WorkHandler = async (lease, options) => {
  const renewals = 'cpral_grpc_server_request_seconds_count{method="cpral.v1.WorkQueue/RenewLease",code="OK"}';
  const renewed = async () => expect(readSeries(await allMetrics()).get(renewals)).toBeGreaterThan(0);
  await vi.waitFor(renewed, { timeout: 10_000, interval: 100 });
  return registry.scripted('train')(lease, options);
};

const only = (name: string, kind: CollectedSpan['kind'], within = spans): CollectedSpan => {
  const found = within.filter((span) => span.name === name && span.kind === kind);
  expect(found, `${kind} spans named ${name}`).toHaveLength(1);
  return found[0]!;
};
const below = (parent: CollectedSpan) => spans.filter(({ parentId }) => parentId === parent.spanId);

describe('a campaign that is traced', () => {
  it('is one trace from the client to the commit of its first item, the compute process among it', () => {
    const call = only(CREATE, 'client');
    expect(call.parentId).toBe('');
    const served = only(CREATE, 'server', below(call));
    const sent = only('send cpral.work.annotate', 'producer', below(served));
    const processed = only('process cpral.work.annotate', 'consumer', below(sent));
    for (const method of [LEASE, COMPLETE]) {
      only(method, 'server', below(only(method, 'client', below(processed))));
    }
    const computed = only('compute annotate', 'internal', below(processed));
    expect(computed.service).toBe('compute');
    expect(computed.pid).not.toBe(`${process.pid}`);
    expect(computed.traceId).toBe(call.traceId);
    expect(processed.attributes).toMatchObject({
      'messaging.operation.type': 'process',
      'messaging.message.id': `${campaignId}/0/1/0`,
      'cpral.outcome': 'forget',
    });
    expect(served.attributes).toMatchObject({
      'rpc.system.name': 'grpc',
      'rpc.method': CREATE,
      'rpc.status_code': 'OK',
    });
  });

  it('has a trace for each later step, linked to the one that completed the step before', () => {
    const steps = spans.filter(({ name }) => name === 'campaign step');
    // Three cycles: train, and between them rate, find regions, annotate, extend; and the end.
    expect(steps.length).toBeGreaterThanOrEqual(12);
    for (const step of steps) {
      expect(step.parentId).toBe('');
      expect(step.links.length).toBeLessThanOrEqual(1);
      expect(step.links).not.toContain(step.traceId);
      expect(step.attributes['cpral.campaign']).toBe(campaignId);
    }
    // On a busy machine the reconciler may be first to move a campaign on; nothing completed in its trace.
    expect(steps.filter(({ links }) => links.length === 1).length).toBeGreaterThanOrEqual(steps.length / 2);
    expect(new Set(steps.map(({ traceId }) => traceId)).size).toBe(steps.length);
  });

  it('leaves out how its leases are kept', () => {
    expect(spans.filter(({ name }) => name.endsWith('RenewLease'))).toEqual([]);
  });

  it('carries the context of an event, too', () => {
    const served = only(CREATE, 'server');
    only('send cpral.events.cpral.campaign.changed', 'producer', below(served));
  });

  it('has streams as spans of client and server', () => {
    const method = 'cpral.v1.PoolRegistry/ImportDataset';
    only(method, 'server', below(only(method, 'client')));
    const watch = spans.filter(({ name }) => name === 'cpral.v1.PoolRegistry/WatchCampaign');
    expect(watch.map(({ kind }) => kind).sort()).toEqual(['client', 'server']);
  });
});

describe('the log lines about an item', () => {
  it('have the same trace id in worker and registry, and the same ids', () => {
    const item = `${campaignId}/0/1/0`;
    // On a busy machine others are said of it, too: published once more, a lease refused, a campaign that moves by it.
    const SAID = ['work leased', 'work committed', 'work done'];
    const ofItem = log.lines.filter(({ item: about, msg }) => about === item && SAID.includes(`${msg}`));
    expect(ofItem.map(({ msg }) => msg)).toEqual(expect.arrayContaining(SAID));
    const trace_id = only(CREATE, 'client').traceId;
    const worker = expect.stringMatching(/^oracle@/);
    for (const line of ofItem) {
      expect(line).toMatchObject({ trace_id, campaign: campaignId, cycle: 0, item, worker });
      expect(line.span_id).toMatch(/^[0-9a-f]{16}$/);
    }
    expect(spans.map(({ spanId }) => spanId)).toContain(ofItem[0]?.span_id);
  });

  it('have them where the compute process is started for it, too', () => {
    const started = log.lines.find(({ msg }) => msg === 'compute process started');
    expect(started).toMatchObject({ campaign: campaignId, item: `${campaignId}/0/1/0` });
  });
});
