// Services as processes of their own on a real NATS server, with certificates on both sides of every call: health on its own port, work
// by the queue, an orderly end.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { credentials, makeGenericClientConstructor } from '@grpc/grpc-js';
import { service as healthService } from 'grpc-health-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../deploy/servers/free-port.ts';
import { PoolRegistryClient } from '../../proto/gen/cpral/v1/pool_registry.ts';
import { CampaignState, WorkItemState } from '../../proto/gen/cpral/v1/resources.ts';
import { call } from '../../services/shared/grpc/client.ts';
import { channelCredentials } from '../../services/shared/grpc/credentials.ts';
import { type Certificates, makeCertificates } from '../support/certificates.ts';
import { startTestNats } from '../support/nats.ts';
import { createCampaign, importDataset, tinyDataset } from '../support/tiny-dataset.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const deadlineMs = 10_000;
const timeout = 60_000;

let home: string;
let files: Certificates;
let nats: Awaited<ReturnType<typeof startTestNats>>;
const processes: ChildProcess[] = [];

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'cpral-processes-'));
  files = makeCertificates(home);
  nats = await startTestNats();
});
afterAll(async () => {
  for (const child of processes) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  await nats.close();
  await rm(home, { recursive: true });
});

interface Service {
  readonly address: string;
  readonly health: string;
  readonly child: ChildProcess;
}

async function start(name: string, environment: Record<string, string>, logFile?: string): Promise<Service> {
  const address = `127.0.0.1:${await freePort()}`;
  const health = `127.0.0.1:${await freePort()}`;
  const env = {
    ...process.env,
    CPRAL_LISTEN: address,
    CPRAL_HEALTH_LISTEN: health,
    CPRAL_TLS_CERT_FILE: files.certFile,
    CPRAL_TLS_KEY_FILE: files.keyFile,
    CPRAL_TLS_CA_FILE: files.caFile,
    CPRAL_OBJECTS_URL: pathToFileURL(path.join(home, 'objects')).href,
    CPRAL_NATS_URL: nats.url,
    CPRAL_LOG_LEVEL: 'warn',
    ...environment,
  };
  const output = logFile === undefined ? 'inherit' : openSync(logFile, 'a');
  const program = path.join(ROOT, 'services', name, 'main.ts');
  const child = spawn(process.execPath, [program], { env, stdio: ['ignore', output, output] });
  if (typeof output === 'number') closeSync(output);
  processes.push(child);
  return { address, health, child };
}

const HealthClient = makeGenericClientConstructor(healthService, 'Health');

/** SERVING, NOT_SERVING, or that nobody answers. */
async function healthOf(address: string, service: string): Promise<string> {
  const client = new HealthClient(address, credentials.createInsecure());
  try {
    const check = client.check!.bind(client) as unknown as Parameters<
      typeof call<{ service: string }, { status: string }>
    >[0];
    return (await call(check, { service }, { deadlineMs: 2_000 })).status;
  } catch {
    return 'no answer';
  } finally {
    client.close();
  }
}

async function ended(child: ChildProcess): Promise<unknown> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode ?? child.signalCode;
}

describe('services as processes', () => {
  it('do a campaign over NATS, tell probes how they are, and end in order', async () => {
    const registry = await start('pool-registry', { CPRAL_DATABASE_URL: `pglite:${path.join(home, 'database')}` });
    const oracle = await start('oracle', { CPRAL_REGISTRY: registry.address });
    for (const { health } of [registry, oracle]) {
      await expect.poll(() => healthOf(health, 'readiness'), { timeout }).toBe('SERVING');
      expect(await healthOf(health, 'liveness')).toBe('SERVING');
    }
    expect(await healthOf(registry.address, 'readiness')).toBe('no answer');
    const client = new PoolRegistryClient(registry.address, channelCredentials({ files }));
    const { datasetId } = await importDataset(client, tinyDataset());
    const campaignId = await createCampaign(client, datasetId, { cycles: 1 });
    const states = [WorkItemState.WORK_ITEM_STATE_DONE];
    const request = { campaignId, states, pageSize: 0, pageToken: '' };
    const done = async () => (await call(client.listWorkItems.bind(client), request, { deadlineMs })).items;
    await expect.poll(async () => (await done()).map((item) => item.kind), { timeout }).toEqual(['annotate']);
    const { campaign } = await call(client.getCampaign.bind(client), { campaignId }, { deadlineMs });
    expect(campaign?.state).toBe(CampaignState.CAMPAIGN_STATE_RUNNING);

    // A trainer on a node without a GPU takes nothing and fails nothing: the training is left to one that can.
    const untaken = async () => {
      const open = { ...request, states: [] };
      const { items } = await call(client.listWorkItems.bind(client), open, { deadlineMs });
      return items.filter(({ kind }) => kind === 'train').map(({ attempts, failures }) => ({ attempts, failures }));
    };
    const logFile = path.join(home, 'trainer.log');
    const blind = { CPRAL_REGISTRY: registry.address, CPRAL_REQUIRE_GPU: '1', CPRAL_LOG_LEVEL: 'info' };
    const trainer = await start('trainer', blind, logFile);
    const said = () => readFile(logFile, 'utf8').catch(() => '');
    await expect.poll(said, { timeout }).toContain('TensorFlow: CPRAL_REQUIRE_GPU is 1, but TensorFlow found no GPU');
    expect(await healthOf(trainer.health, 'readiness')).toBe('NOT_SERVING');
    expect(await untaken()).toEqual([{ attempts: 0, failures: 0 }]);

    // Without its bus a service is alive and not ready; a restart would not help it.
    await nats.server.stop();
    await expect.poll(() => healthOf(oracle.health, 'readiness'), { timeout }).toBe('NOT_SERVING');
    expect(await healthOf(oracle.health, 'liveness')).toBe('SERVING');
    await nats.server.start();
    await expect.poll(() => healthOf(oracle.health, 'readiness'), { timeout }).toBe('SERVING');

    client.close();
    for (const { child } of [trainer, oracle, registry]) {
      child.kill('SIGTERM');
      expect(await ended(child)).toBe(0);
    }
  });

  it('refuse to start with half of what the queue needs', async () => {
    const { child } = await start('oracle', {});
    expect(await ended(child)).toBe(1);
  });
});
