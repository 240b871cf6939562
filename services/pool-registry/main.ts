import { openBus } from '../shared/bus/open-bus.ts';
import { systemClock } from '../shared/clock.ts';
import { createHealth } from '../shared/grpc/health.ts';
import { startHealthServer, startServer } from '../shared/grpc/server.ts';
import { tlsOf } from '../shared/grpc/tls-of.ts';
import { OPEN_ACCESS } from '../shared/identity/identity-config.ts';
import { createLog } from '../shared/log.ts';
import { openObjectStore } from '../shared/objects/open-object-store.ts';
import { exposeMetrics } from '../shared/telemetry/metrics.ts';
import { startTelemetry } from '../shared/telemetry/telemetry.ts';
import { untilSignal } from '../shared/until-signal.ts';
import { registryGuard } from './access/registry-guard.ts';
import { readConfig } from './config.ts';
import { openDatabase } from './database.ts';
import { createRegistry } from './service.ts';

const config = readConfig();
const log = createLog('pool-registry', config.logLevel);
const telemetry = await startTelemetry('pool-registry', config.telemetry);
const { db, alone, exclusively, ready, close } = await openDatabase(config.databaseUrl, config.databaseOwnerUrl);
const objects = openObjectStore(config.objectsUrl);
const bus = openBus(config.natsUrl, log);
const checks = [
  { name: 'database', check: ready },
  { name: 'bus', check: () => bus.check() },
  { name: 'objects', check: objects.ready },
];
const health = createHealth({ checks, log });
const probes = config.healthListen ? await startHealthServer(config.healthListen, health) : undefined;
// Nothing of Kubernetes is loaded where it is not asked for.
const launcher = config.launcher && (await (await import('./launcher/launcher.ts')).openLauncher(config.launcher));
const registry = await createRegistry({
  ...{ db, objects, bus, log, exclusively, leaseMs: config.leaseMs, launcher },
  // Over a bus that is shared workers live on while this process starts again, and keep their leases.
  alone: alone && config.natsUrl === undefined,
});
exposeMetrics(registry.metrics);
const { identity } = config;
if (!identity) log.warn({ listen: config.listen }, OPEN_ACCESS);
const tls = tlsOf(config, log);
const server = await startServer(config.listen, registry.services, health, {
  tls: tls && { ...tls, tokensSuffice: identity !== undefined },
  guard: registryGuard({ db, clock: systemClock, log }, identity),
});
log.info({ address: server.address, health: probes?.address, metrics: telemetry.metricsAddress }, 'listening');
await untilSignal();
log.info('stopping');
health.drain();
await server.close();
await registry.close();
await bus.close();
await close();
await probes?.close();
await telemetry.close();
log.info('stopped');
