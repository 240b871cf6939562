// All services in one process tree: the registry with its database, the workers over one bus, one compute process, one gRPC address, and
// the label tool where its page is wanted.
import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { credentials } from '@grpc/grpc-js';
import { WorkQueueClient } from '../../proto/gen/cpral/v1/work.ts';
import { createLabelExtender } from '../label-extender/service.ts';
import { checkPagePlaintext } from '../label-tool/config.ts';
import { readSignIn } from '../label-tool/people/sign-in-config.ts';
import type { LabelTool, LabelToolOptions } from '../label-tool/service.ts';
import { createOracle } from '../oracle/service.ts';
import { createPanopticScorer } from '../panoptic-scorer/service.ts';
import { registryGuard } from '../pool-registry/access/registry-guard.ts';
import { openDatabase } from '../pool-registry/database.ts';
import { createRegistry } from '../pool-registry/service.ts';
import { createRegionSelector } from '../region-selector/service.ts';
import { openBus } from '../shared/bus/open-bus.ts';
import { systemClock } from '../shared/clock.ts';
import { computePool } from '../shared/compute/compute-pool.ts';
import { localCompute } from '../shared/compute/local-compute.ts';
import { memoryLimit, processCompute } from '../shared/compute/process-compute.ts';
import { checkPlaintext, isLoopback, readTls } from '../shared/environment.ts';
import type { TlsFiles } from '../shared/grpc/certificate-files.ts';
import { clientOptions } from '../shared/grpc/client.ts';
import { startServer } from '../shared/grpc/server.ts';
import { tlsOf } from '../shared/grpc/tls-of.ts';
import { type IdentityConfig, OPEN_ACCESS, readIdentity } from '../shared/identity/identity-config.ts';
import { createFileLog } from '../shared/log.ts';
import { openObjectStore } from '../shared/objects/open-object-store.ts';
import { exposeMetrics } from '../shared/telemetry/metrics.ts';
import { startTelemetry } from '../shared/telemetry/telemetry.ts';
import { readTelemetryConfig } from '../shared/telemetry/telemetry-config.ts';
import { startWorker } from '../shared/worker/worker.ts';
import { createTrainer } from '../trainer/service.ts';
import type { CommandOf } from './command.ts';
import { environment } from './environment.ts';
import { lockHome } from './home-lock.ts';

const LOOPBACK = '127.0.0.1:0';

export interface EmbeddedOptions {
  /** Folder of all state: database, objects, log. */
  readonly home: string;
  /** host:port; by default a free port of the loopback. */
  readonly listen?: string | undefined;
  readonly logLevel?: string | undefined;
  /** Where the label tool's page is served: the first host:port that is free; empty: nowhere. */
  readonly pageListens?: readonly string[];
  /** How callers are known; undefined: whoever reaches an address is the owner. */
  readonly identity?: IdentityConfig | undefined;
  /** Of the address that it listens on; its own parts talk on the loopback. */
  readonly tls?: TlsFiles | undefined;
  /** How people sign in at the label tool. */
  readonly signIn?: LabelToolOptions['signIn'];
  /** Pieces of work that are done at once, each by a process of its own with its share of cores and memory. */
  readonly workers?: number;
}

export interface Embedded {
  readonly address: string;
  /** Of the label tool's page; undefined where this process does not serve it. */
  readonly labelToolUrl?: string | undefined;
  close(): Promise<void>;
}

/**
 * Whom an address beyond the loopback is for must have been meant.
 * @throws INVALID_ARGUMENT naming the flag or the variable
 */
export function readSecurity({ listen, pageListens }: Pick<CommandOf<'serve'>, 'listen' | 'pageListens'>) {
  const tls = readTls(environment);
  if (!tls) checkPlaintext(environment, listen, '--listen');
  for (const each of pageListens) checkPagePlaintext(environment, each, '--page');
  const identity = readIdentity(environment);
  const onLoopback = pageListens.every(isLoopback);
  const signIn = pageListens.length > 0 ? readSignIn(environment, identity?.oidc, { onLoopback }) : undefined;
  return { tls, identity, signIn };
}

/** Starts everything, or, where another process holds the home, gives its address. */
export async function startEmbedded({
  home,
  listen = LOOPBACK,
  pageListens = [],
  logLevel = 'info',
  identity,
  tls,
  signIn,
  workers: workerCount = 1,
}: EmbeddedOptions): Promise<Embedded> {
  const lock = await lockHome(home);
  if (!lock.held) return { address: lock.address, close: async () => {} };
  const closing: (() => Promise<void>)[] = [lock.release];
  const close = async () => {
    for (const step of closing.splice(0).reverse()) await step();
  };
  try {
    const log = createFileLog('cpral', logLevel, path.join(lock.folder, 'cpral.log'));
    const objectsUrl = pathToFileURL(path.join(lock.folder, 'objects')).href;
    const objects = openObjectStore(objectsUrl);
    const { metricsListen } = readTelemetryConfig(environment);
    const telemetry = await startTelemetry('cpral', { metricsListen, traces: undefined });
    closing.push(telemetry.close);
    const bus = openBus(undefined, log);
    closing.push(bus.close);
    const database = await openDatabase(`pglite:${path.join(lock.folder, 'database')}`);
    closing.push(database.close);
    const registry = await createRegistry({
      db: database.db,
      objects,
      bus,
      log: log.child({ service: 'pool-registry' }),
      alone: true,
    });
    const hideMetrics = exposeMetrics(registry.metrics);
    closing.push(registry.close, async () => void hideMetrics());

    const threads = workerCount > 1 ? Math.max(1, Math.floor(availableParallelism() / workerCount)) : undefined;
    const memoryLimitBytes = memoryLimit(workerCount);
    const computeLog = log.child({ service: 'compute' });
    const compute = computePool(
      Array.from({ length: workerCount }, () =>
        processCompute({ objectsUrl, log: computeLog, threads, memoryLimitBytes }),
      ),
    );
    const heavy = [createTrainer, createPanopticScorer, createRegionSelector, createLabelExtender];
    const services = [
      ...heavy.map((create) => create({ compute, log })),
      createOracle({ compute: localCompute(objects), log }),
    ];
    const workerKey = identity && randomBytes(32).toString('base64url');
    const guard = registryGuard({ db: database.db, clock: systemClock, log }, identity && { ...identity, workerKey });
    if (!identity) log.warn({ listen }, OPEN_ACCESS);
    const doors = [...registry.services, ...services.map((service) => service.grpc)];
    const secured = tls && { ...tlsOf({ tls }, log)!, tokensSuffice: identity !== undefined };
    const server = await startServer(listen, doors, undefined, { guard, tls: secured });
    closing.push(server.close, compute.close);
    const inner = secured ? await startServer(LOOPBACK, doors, undefined, { guard }) : server;
    if (inner !== server) closing.push(inner.close);

    const queue = new WorkQueueClient(
      inner.address,
      credentials.createInsecure(),
      clientOptions({}, () => (workerKey === undefined ? undefined : { token: workerKey, project: '' })),
    );
    closing.push(async () => queue.close());
    const workers = services.flatMap((service) =>
      Array.from({ length: workerCount }, () =>
        startWorker({ service, bus, registry: queue, log: log.child({ service: service.name }) }),
      ),
    );
    closing.push(async () => void (await Promise.all(workers.map((worker) => worker.close()))));
    const labelTool = await startPage(pageListens, {
      ...{ registryAddress: inner.address, credentials: credentials.createInsecure(), signIn },
      uploadFolder: path.join(lock.folder, 'uploads'),
      log: log.child({ service: 'label-tool' }),
    });
    if (labelTool) closing.push(labelTool.close);
    lock.announce(inner.address);
    const { metricsAddress: metrics } = telemetry;
    const labelToolUrl = labelTool?.url;
    log.info({ address: server.address, labelTool: labelToolUrl, metrics, home: lock.folder }, 'all services are up');
    return { address: server.address, labelToolUrl, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** @returns undefined where no address is asked for @throws what the last address came to */
async function startPage(
  [listen, ...others]: readonly string[],
  options: Omit<LabelToolOptions, 'listen'>,
): Promise<LabelTool | undefined> {
  if (listen === undefined) return undefined;
  // Loaded only here: most commands serve no page.
  const { startLabelTool } = await import('../label-tool/service.ts');
  const starting = startLabelTool({ listen, ...options });
  return others.length === 0 ? starting : starting.catch(() => startPage(others, options));
}
