// A worker service as a process of its own: its gRPC door, the queue where there is one, its compute process, and an orderly end on
// SIGTERM: not ready, nothing new taken, what is under way finished or given back, then everything closed.
import { WorkQueueClient } from '../../../proto/gen/cpral/v1/work.ts';
import { openBus } from '../bus/open-bus.ts';
import { processCompute } from '../compute/process-compute.ts';
import type { WorkerConfig } from '../environment.ts';
import { SERVICE_CHANNEL } from '../grpc/channel.ts';
import { clientOptions } from '../grpc/client.ts';
import { channelCredentials } from '../grpc/credentials.ts';
import { createHealth } from '../grpc/health.ts';
import { startHealthServer, startServer } from '../grpc/server.ts';
import { tlsOf } from '../grpc/tls-of.ts';
import { workerGuard } from '../identity/services.ts';
import { createLog, type Log } from '../log.ts';
import { openObjectStore } from '../objects/open-object-store.ts';
import { onceItSucceeds } from '../once-it-succeeds.ts';
import type { Readiness, ReadinessCheck } from '../readiness.ts';
import { startTelemetry } from '../telemetry/telemetry.ts';
import { untilSignal } from '../until-signal.ts';
import { type OneItem, oneItem } from './one-item.ts';
import { type RunningWorker, startWorker } from './worker.ts';
import type { WorkerContext, WorkerService } from './worker-service.ts';

/** What is under way may finish in this time; well below the 30 s that Kubernetes leaves. */
const STOP_GRACE_MS = 10_000;
const WARM_UP = new URL('../tensorflow/warm-up.ts', import.meta.url);

export async function runWorkerService(
  name: string,
  config: WorkerConfig,
  create: (context: WorkerContext) => WorkerService,
): Promise<void> {
  const log = createLog(name, config.logLevel);
  const telemetry = await startTelemetry(name, config.telemetry);
  const { objectsUrl, computeMemoryBytes } = config;
  const memory = Number.isFinite(computeMemoryBytes) ? { memoryLimitBytes: computeMemoryBytes } : {};
  const compute = processCompute({ objectsUrl, log, ...memory });
  const service = create({ compute, log });
  const one = config.workItem === undefined ? undefined : oneItem(config.workItem, service);
  const queue = openQueue(config, log, one);
  const checks: ReadinessCheck[] = [{ name: 'objects', check: openObjectStore(objectsUrl).ready }, ...queue.checks];
  if (service.usesTensorFlow) {
    checks.push({ name: 'TensorFlow', check: onceItSucceeds(() => compute.run(WARM_UP, {})) });
  }
  const health = createHealth({ checks, log });
  queue.startWorker(one?.service ?? service, health.readiness);
  const probes = config.healthListen ? await startHealthServer(config.healthListen, health) : undefined;
  const server = await startServer(config.listen, [service.grpc], health, {
    tls: tlsOf(config, log),
    guard: workerGuard(log, config.identity !== undefined),
  });
  log.info({ address: server.address, health: probes?.address, metrics: telemetry.metricsAddress }, 'listening');
  await Promise.race([untilSignal(), ...(one ? [one.ended] : [])]);
  log.info('stopping');
  health.drain();
  await queue.close();
  await server.close();
  await compute.close();
  await probes?.close();
  await telemetry.close();
  log.info('stopped');
  if (one) process.exitCode = one.exitCode();
}

/** The second door: the work of the registry's campaigns. */
function openQueue(config: WorkerConfig, log: Log, one: OneItem | undefined) {
  const { natsUrl, registry: address } = config;
  const bus = one?.bus ?? (natsUrl === undefined ? undefined : openBus(natsUrl, log));
  if (bus === undefined || address === undefined) {
    return { checks: [], startWorker: () => {}, close: async () => {} };
  }
  const registry = new WorkQueueClient(
    address,
    channelCredentials(tlsOf(config, log)),
    clientOptions(SERVICE_CHANNEL, () => config.bearer),
  );
  let worker: RunningWorker | undefined;
  return {
    checks: [{ name: 'bus', check: () => bus.check() }],
    startWorker(service: WorkerService, readiness: Readiness) {
      worker = startWorker({ service, bus, registry, readiness, log });
    },
    async close() {
      await worker?.close({ graceMs: STOP_GRACE_MS });
      registry.close();
      await bus.close();
    },
  };
}
