// The registry: its gRPC services over one context, and the loops that relay and mend.
import { type PoolRegistryServer, PoolRegistryService } from '../../proto/gen/cpral/v1/pool_registry.ts';
import { type Clock, systemClock } from '../shared/clock.ts';
import { type GrpcService, grpcService } from '../shared/grpc/server.ts';
import type { MetricSource } from '../shared/telemetry/metrics.ts';
import { viewCampaign } from './campaign/campaign-view.ts';
import { STRATEGIES } from './campaign/strategies.ts';
import { Changes, type RegistryContext } from './context.ts';
import type { Exclusively } from './database/locks.ts';
import { type Launcher, withoutTrainings } from './launcher/launcher-port.ts';
import { registryMetrics } from './metrics/registry-metrics.ts';
import { createReconciler, RECONCILE_INTERVAL_MS, releaseAllLeases } from './reconciler.ts';
import { relayOutbox } from './relay.ts';
import { accessService } from './rpc/access.ts';
import { annotationQueueService } from './rpc/annotation-queue.ts';
import { createCampaign, listCampaigns, pauseCampaign, resumeCampaign, watchCampaign } from './rpc/campaigns.ts';
import { listCycles } from './rpc/cycles.ts';
import { getDataset, listDatasetImages, listDatasets } from './rpc/datasets.ts';
import { clientStream, serverStream, unary } from './rpc/handlers.ts';
import { importDataset } from './rpc/import-dataset.ts';
import { downloadObject, uploadObject } from './rpc/objects.ts';
import { operationsService } from './rpc/operations.ts';
import { listPoolItems, streamPoolItems } from './rpc/pool-items.ts';
import { getModel, listLabels, listPreviews, listRegions } from './rpc/results.ts';
import { listWorkItems, redriveWorkItems } from './rpc/work-items.ts';
import { workQueueService } from './rpc/work-queue.ts';

const RELAY_POLL_MS = 500;
const DEFAULT_LEASE_MS = 30_000;

export interface Registry {
  readonly services: readonly GrpcService[];
  /** The state of all campaigns; for whoever serves metrics. */
  readonly metrics: MetricSource;
  close(): Promise<void>;
}

export interface RegistryOptions extends Omit<RegistryContext, 'changes' | 'clock' | 'leaseMs'> {
  readonly clock?: Clock;
  readonly leaseMs?: number | undefined;
  /** Neither the database nor the bus is shared with another process: leases that are left belong to the dead. */
  readonly alone: boolean;
  /** How one replica of several relays and mends at a time; not needed where it is alone. */
  readonly exclusively?: Exclusively;
  /** Who makes a Job of each training; without it trainings go to the bus. */
  readonly launcher?: Launcher | undefined;
}

export async function createRegistry({
  alone,
  exclusively = (_, turn) => turn(),
  clock = systemClock,
  leaseMs = DEFAULT_LEASE_MS,
  launcher,
  ...ports
}: RegistryOptions): Promise<Registry> {
  const bus = launcher ? withoutTrainings(ports.bus) : ports.bus;
  const context: RegistryContext = { ...ports, bus, clock, leaseMs, changes: new Changes(clock) };
  if (alone) await releaseAllLeases(context);
  const stop = new AbortController();
  const loops = [relayLoop(context, exclusively, stop.signal), reconcileLoop(context, exclusively, stop.signal)];
  if (launcher) loops.push(launcher(context, exclusively, stop.signal));
  return {
    services: [
      poolRegistryService(context),
      operationsService(context),
      annotationQueueService(context),
      workQueueService(context),
      accessService(context),
    ],
    metrics: registryMetrics(context),
    async close() {
      stop.abort();
      await Promise.all(loops);
    },
  };
}

function poolRegistryService(context: RegistryContext): GrpcService {
  const { db, log } = context;
  return grpcService(PoolRegistryService, {
    uploadObject: clientStream(log, (requests) => uploadObject(context, requests)),
    downloadObject: serverStream(log, (request) => downloadObject(context, request)),
    importDataset: clientStream(log, (requests) => importDataset(context, requests)),
    getDataset: unary(log, (request) => getDataset(context, request)),
    listDatasets: unary(log, (request) => listDatasets(context, request)),
    listDatasetImages: unary(log, (request) => listDatasetImages(context, request)),
    listStrategies: unary(log, async () => ({ strategies: [...STRATEGIES] })),
    createCampaign: unary(log, (request) => createCampaign(context, request)),
    getCampaign: unary(log, async ({ campaignId }) => ({ campaign: await viewCampaign(db, campaignId) })),
    listCampaigns: unary(log, (request) => listCampaigns(context, request)),
    watchCampaign: serverStream(log, (request, call) => watchCampaign(context, request, call)),
    pauseCampaign: unary(log, (request) => pauseCampaign(context, request)),
    resumeCampaign: unary(log, (request) => resumeCampaign(context, request)),
    listPoolItems: unary(log, (request) => listPoolItems(context, request)),
    streamPoolItems: serverStream(log, (request) => streamPoolItems(context, request)),
    listCycles: unary(log, (request) => listCycles(context, request)),
    listRegions: unary(log, (request) => listRegions(context, request)),
    listLabels: unary(log, (request) => listLabels(context, request)),
    listPreviews: unary(log, (request) => listPreviews(context, request)),
    getModel: unary(log, (request) => getModel(context, request)),
    listWorkItems: unary(log, (request) => listWorkItems(context, request)),
    redriveWorkItems: unary(log, (request) => redriveWorkItems(context, request)),
  } satisfies PoolRegistryServer);
}

/** Publishes soon after a commit, and at least twice a second. */
async function relayLoop(context: RegistryContext, exclusively: Exclusively, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const change = context.changes.nextOfAny(RELAY_POLL_MS, signal);
    const published = await tried(context, 'relay', () => exclusively('relay', () => relayOutbox(context)));
    if (!published) await change;
  }
}

async function reconcileLoop(context: RegistryContext, exclusively: Exclusively, signal: AbortSignal): Promise<void> {
  const reconcile = createReconciler(context, exclusively);
  while (!signal.aborted) {
    await tried(context, 'reconciler', reconcile);
    await context.clock.sleep(RECONCILE_INTERVAL_MS, signal);
  }
}

/** A loop outlives a failed turn: the next one tries again. */
async function tried<T>({ log }: RegistryContext, loop: string, turn: () => Promise<T>): Promise<T | undefined> {
  try {
    return await turn();
  } catch (error) {
    log.error({ loop, err: error }, 'turn failed, trying again');
    return undefined;
  }
}
