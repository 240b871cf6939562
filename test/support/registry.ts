// A real registry on a real server, with workers whose heavy functions are replaced by arithmetic: the oracle and the labels are real.
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { credentials } from '@grpc/grpc-js';
import { OperationsClient } from '../../proto/gen/cpral/v1/operations.ts';
import { PoolRegistryClient } from '../../proto/gen/cpral/v1/pool_registry.ts';
import { WorkQueueClient } from '../../proto/gen/cpral/v1/work.ts';
import { createOracle } from '../../services/oracle/service.ts';
import { registryGuard } from '../../services/pool-registry/access/registry-guard.ts';
import type { Database } from '../../services/pool-registry/database.ts';
import type { Launcher } from '../../services/pool-registry/launcher/launcher-port.ts';
import { createRegistry } from '../../services/pool-registry/service.ts';
import type { Bus } from '../../services/shared/bus/bus.ts';
import { memoryBus } from '../../services/shared/bus/memory-bus.ts';
import { systemClock } from '../../services/shared/clock.ts';
import type { Compute } from '../../services/shared/compute/compute.ts';
import { localCompute } from '../../services/shared/compute/local-compute.ts';
import { clientOptions } from '../../services/shared/grpc/client.ts';
import type { TlsOptions } from '../../services/shared/grpc/credentials.ts';
import { type GrpcService, grpcService, startServer } from '../../services/shared/grpc/server.ts';
import type { Log } from '../../services/shared/log.ts';
import { folderObjectStore } from '../../services/shared/objects/folder-object-store.ts';
import type { ObjectStore } from '../../services/shared/objects/object-store.ts';
import { exposeMetrics } from '../../services/shared/telemetry/metrics.ts';
import { startWorker } from '../../services/shared/worker/worker.ts';
import type { WorkerService, WorkHandler } from '../../services/shared/worker/worker-service.ts';
import { openTestDatabase } from './database.ts';
import { silent } from './silent.ts';

export interface TestRegistry {
  readonly folder: string;
  readonly address: string;
  readonly registry: PoolRegistryClient;
  readonly operations: OperationsClient;
  readonly queue: WorkQueueClient;
  readonly bus: Bus;
  readonly objects: ObjectStore;
  /** For what no call can bring about, as a lease that expired long ago. */
  readonly db: Database;
  /** Starts one worker of each kind, `count` times. */
  startWorkers(count?: number, handlers?: Partial<Record<WorkerService['kind'], WorkHandler>>): void;
  /** The arithmetic in place of a kind's heavy function. */
  scripted(kind: WorkerService['kind']): WorkHandler;
  /** Ends everything as a crash would as far as the database goes: nothing is handed back. */
  close(): Promise<void>;
}

interface TestRegistryOptions {
  readonly log?: Log;
  /** Where the annotator computes; in this process by default. */
  readonly openCompute?: (objectsUrl: string) => Compute;
  /** State of an earlier registry to go on from; it stays when this one closes. */
  readonly folder?: string;
  readonly bus?: Bus;
  readonly leaseMs?: number;
  readonly launcher?: Launcher;
  /** How callers are known; by default whoever calls is the owner. */
  readonly identities?: Parameters<typeof registryGuard>[1];
  readonly tls?: TlsOptions;
  /** Served at the same address, in place of the registry's own where it has such a service. */
  readonly more?: (objects: ObjectStore) => readonly GrpcService[];
}

export async function startTestRegistry({
  folder,
  bus = memoryBus(),
  log = silent,
  openCompute,
  leaseMs,
  launcher,
  identities,
  tls,
  more = () => [],
}: TestRegistryOptions = {}): Promise<TestRegistry> {
  const home = folder ?? (await mkdtemp(path.join(tmpdir(), 'cpral-registry-')));
  const objects = folderObjectStore(path.join(home, 'objects'));
  const compute = openCompute?.(pathToFileURL(path.join(home, 'objects')).href) ?? localCompute(objects);
  const database = await openTestDatabase(folder === undefined ? undefined : path.join(home, 'database'));
  const { db, exclusively } = database;
  // Whatever the database, it is this registry's own.
  const service = await createRegistry({ db, objects, bus, log, alone: true, exclusively, leaseMs, launcher });
  const hideMetrics = exposeMetrics(service.metrics);
  const others = more(objects);
  const own = service.services.filter(({ definition }) => !others.some((other) => other.definition === definition));
  const server = await startServer('127.0.0.1:0', [...own, ...others], undefined, {
    guard: registryGuard({ db, clock: systemClock, log }, identities),
    tls,
  });
  const { workerKey = '' } = identities ?? {};
  const registry = new PoolRegistryClient(server.address, credentials.createInsecure());
  const operations = new OperationsClient(server.address, credentials.createInsecure());
  const worker = clientOptions({}, () => ({ token: workerKey, project: '' }));
  const queue = new WorkQueueClient(server.address, credentials.createInsecure(), worker);
  const workers: ReturnType<typeof startWorker>[] = [];
  return {
    folder: home,
    address: server.address,
    registry,
    operations,
    queue,
    bus,
    objects,
    db,
    startWorkers(count = 1, handlers = {}) {
      for (let i = 0; i < count; i++) {
        for (const worker of scriptedWorkers(objects, compute)) {
          const scripted = { ...worker, handler: handlers[worker.kind] ?? worker.handler };
          workers.push(startWorker({ service: scripted, bus, registry: queue, log }));
        }
      }
    },
    scripted: (kind) => scriptedHandler(kind, objects),
    async close() {
      await Promise.all(workers.map((worker) => worker.close()));
      await compute.close();
      for (const client of [registry, operations, queue]) client.close();
      await server.close();
      hideMetrics();
      await service.close();
      await database.close();
      if (folder === undefined) await rm(home, { recursive: true });
    },
  };
}

function scriptedWorkers(objects: ObjectStore, compute = localCompute(objects)): WorkerService[] {
  const grpc = grpcService({}, {});
  const scripted = (kind: WorkerService['kind'], handler: WorkHandler): WorkerService => ({
    name: kind,
    kind,
    handler,
    grpc,
  });
  return [
    createOracle({ compute, log: silent }),
    scripted('train', (lease) => trainByArithmetic(lease, objects)),
    scripted('rate', rateByHash),
    scripted('find_regions', findRegionsByHash),
    scripted('extend_labels', extendNothing),
  ];
}

function scriptedHandler(kind: WorkerService['kind'], objects: ObjectStore): WorkHandler {
  const worker = scriptedWorkers(objects).find((each) => each.kind === kind);
  if (!worker) throw new Error(`no worker for ${kind}`);
  return worker.handler;
}

/** A number in [0, 1) that depends on its parts alone. */
function hashed(...parts: (string | number)[]): number {
  return createHash('sha256').update(parts.join('/')).digest().readUInt32LE(0) / 2 ** 32;
}

export async function trainByArithmetic(
  { spec }: Parameters<WorkHandler>[0],
  objects: ObjectStore,
): ReturnType<WorkHandler> {
  if (spec?.spec?.$case !== 'train') throw new Error('not a training');
  const { train, seed, classCount } = spec.spec.value;
  const weights = await objects.put(
    Buffer.from(`weights of ${train.map((sample) => sample.imageId).join()} with ${seed}`),
  );
  const iou = Array.from({ length: classCount }, () => train.length / 100);
  const predictedPixels = iou.map(() => 100n);
  const evaluation = {
    miou: train.length / 100,
    iou,
    pixelAccuracy: 0.5,
    confusion: iou.flatMap(() => predictedPixels),
    predictedPixels,
  };
  const value = { weights, evaluation, loss: 1 / train.length, steps: 1, lossCurve: [] };
  return { result: { result: { $case: 'train', value } }, seconds: 1 };
}

async function rateByHash({ spec }: Parameters<WorkHandler>[0]): ReturnType<WorkHandler> {
  if (spec?.spec?.$case === 'measurePicks') {
    const windows = spec.spec.value.images.flatMap((image) => image.windows);
    const comparedPixels = BigInt(windows.reduce((sum, { height, width }) => sum + height * width, 0));
    const value = { comparedPixels, wrongPixels: comparedPixels / 4n };
    return { result: { result: { $case: 'measurePicks', value } }, seconds: 1 };
  }
  if (spec?.spec?.$case !== 'rate') throw new Error('not a rating');
  const ratings = spec.spec.value.images.map(({ imageId }) => ({ imageId, rating: hashed('rating', imageId) }));
  return { result: { result: { $case: 'rate', value: { ratings, embeddings: undefined } } }, seconds: 1 };
}

/** Windows on a grid, without those of labelled images: equal scores are common, so ties are tested too. */
async function findRegionsByHash({ spec }: Parameters<WorkHandler>[0]): ReturnType<WorkHandler> {
  if (spec?.spec?.$case !== 'findRegions') throw new Error('not a search for regions');
  const { images, regionSizePx: side, model } = spec.spec.value;
  const { height, width } = model?.size ?? { height: 0, width: 0 };
  const candidates = [];
  for (const { imageId, origins } of images) {
    for (let top = 0; top + side <= height; top += side) {
      for (let left = 0; left + side <= width; left += side) {
        const score = Math.floor(4 * hashed('region', imageId, top, left)) - (origins ? 10 : 0);
        candidates.push({ imageId, top, left, score, unlabelledPixels: side ** 2 });
      }
    }
  }
  return {
    result: { result: { $case: 'findRegions', value: { candidates, previews: [], disputedImages: images.length } } },
    seconds: 1,
  };
}

async function extendNothing({ spec }: Parameters<WorkHandler>[0]): ReturnType<WorkHandler> {
  if (spec?.spec?.$case !== 'extendLabels') throw new Error('not an extension');
  return { result: { result: { $case: 'extendLabels', value: { labels: [] } } }, seconds: 1 };
}
