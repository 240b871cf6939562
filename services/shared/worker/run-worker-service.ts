// A worker service as a process of its own: its gRPC door, its compute process, and an end on SIGTERM.
import { processCompute } from '../compute/process-compute.ts';
import type { ServiceConfig } from '../environment.ts';
import { startServer } from '../grpc/server.ts';
import { createLog } from '../log.ts';
import { startTelemetry } from '../telemetry/telemetry.ts';
import { untilSignal } from '../until-signal.ts';
import type { WorkerContext, WorkerService } from './worker-service.ts';

export async function runWorkerService(
  name: string,
  config: ServiceConfig,
  create: (context: WorkerContext) => WorkerService,
): Promise<void> {
  const log = createLog(name, config.logLevel);
  const telemetry = await startTelemetry(name, config.telemetry);
  const compute = processCompute({ objectsUrl: config.objectsUrl, log });
  const server = await startServer(config.listen, [create({ compute, log }).grpc]);
  log.info({ address: server.address, metrics: telemetry.metricsAddress }, 'listening');
  await untilSignal();
  await server.close();
  await compute.close();
  await telemetry.close();
}
