import { channelCredentials } from '../shared/grpc/credentials.ts';
import { createHealth } from '../shared/grpc/health.ts';
import { startHealthServer } from '../shared/grpc/server.ts';
import { tlsOf } from '../shared/grpc/tls-of.ts';
import { createLog } from '../shared/log.ts';
import { startTelemetry } from '../shared/telemetry/telemetry.ts';
import { untilSignal } from '../shared/until-signal.ts';
import { readConfig } from './config.ts';
import { startLabelTool } from './service.ts';

const config = readConfig();
const log = createLog('label-tool', config.logLevel);
const telemetry = await startTelemetry('label-tool', config.telemetry);
const { listen, hosts, uploadFolder, signIn, registry: registryAddress } = config;
const credentials = channelCredentials(tlsOf(config, log));
const labelTool = await startLabelTool({ listen, hosts, uploadFolder, registryAddress, credentials, signIn, log });
const health = createHealth({ checks: [{ name: 'registry', check: labelTool.ready }], log });
const probes = config.healthListen ? await startHealthServer(config.healthListen, health) : undefined;
log.info(
  { address: new URL(labelTool.url).host, health: probes?.address, metrics: telemetry.metricsAddress },
  'listening',
);
await untilSignal();
log.info('stopping');
health.drain();
await labelTool.close();
await probes?.close();
await telemetry.close();
log.info('stopped');
