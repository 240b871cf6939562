// Every service as a process of its own, on a database and a place in the store that nothing has been in, with a link that can be
// cut between any two that talk: services to PostgreSQL, NATS and S3, workers to the registry.
import { randomUUID } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import path from 'node:path';
import { credentials } from '@grpc/grpc-js';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import pg from 'pg';
import { freePort } from '../../../deploy/servers/free-port.ts';
import type { S3Server } from '../../../deploy/servers/s3.ts';
import type { Say } from '../../../deploy/servers/say.ts';
import type { Server } from '../../../deploy/servers/server.ts';
import type { Proxy as Link } from '../../../deploy/servers/toxiproxy.ts';
import { startServices, targetOf } from '../../../deploy/up/services.ts';
import type { Supervised } from '../../../deploy/up/supervise.ts';
import { PoolRegistryClient } from '../../../proto/gen/cpral/v1/pool_registry.ts';
import { EVENT_STREAM, WORK_STREAM } from '../../../services/shared/bus/nats/topology.ts';
import type { Ground } from './ground.ts';
import { processesOf } from './processes.ts';

const RESTART_MS = 200;
const ORPHAN_LIMIT_MS = 5_000;
const POLL_MS = 100;

export interface SystemOptions {
  readonly ground: Ground;
  readonly say?: Say;
  /** Replicas of the registry. */
  readonly registries?: number;
  /** Processes of each kind of worker. */
  readonly workers?: number;
  /** How long a silent worker keeps its item. */
  readonly leaseSeconds: number;
  /** In place of the ground's own store. */
  readonly s3?: S3Server;
  readonly programs?: Readonly<Record<string, string>>;
}

export interface System {
  readonly registry: PoolRegistryClient;
  readonly servers: Readonly<Record<'postgres' | 'nats' | 's3', Server>>;
  /** By name: postgres, nats, s3, registry-1 and so on. */
  readonly links: ReadonlyMap<string, Link>;
  readonly processes: ReadonlyMap<string, Supervised>;
  /** kill -9; false where the process waits to be started again. */
  kill(name: string): boolean;
  /** How many processes ended that nobody killed. */
  deaths(): number;
  readonly leaseMs: number;
  readonly logFolder: string;
  /** @returns the ids of processes that are left over; there should be none */
  close(): Promise<number[]>;
}

export async function startSystem(options: SystemOptions): Promise<System> {
  const { ground, say = () => {}, registries = 1, workers = 2, leaseSeconds, s3, programs = {} } = options;
  const run = `faults-${randomUUID()}`;
  const { postgres, nats } = ground.servers;
  const store = s3?.server ?? ground.servers.s3;
  const home = await mkdtemp(path.join(ground.folder, 'system-'));
  await deleteStreams(nats.url);
  const database = await createDatabase(postgres.url, run);

  const links = new Map<string, Link>();
  const link = async (name: string, port: number) => {
    const proxy = await ground.toxiproxy.proxy(`${run}-${name}`, port);
    links.set(name, proxy);
    return proxy.port;
  };
  const objectsUrl = s3?.objectsUrl ?? ground.servers.environment.CPRAL_OBJECTS_URL;
  const environment = {
    ...ground.servers.environment,
    ...s3?.credentials,
    CPRAL_DATABASE_URL: onPort(database, postgres.port, await link('postgres', postgres.port)),
    CPRAL_NATS_URL: `${onPort(nats.url, nats.port, await link('nats', nats.port))}?ack_wait_seconds=${Math.ceil(1.5 * leaseSeconds)}`,
    CPRAL_OBJECTS_URL: onPort(objectsUrl, store.port, await link('s3', store.port)).replace('?', `/${run}?`),
    CPRAL_LEASE_SECONDS: `${leaseSeconds}`,
    CPRAL_FAULTS_RUN: run,
  };
  const addresses: string[] = [];
  const throughLinks: string[] = [];
  for (let i = 1; i <= registries; i++) {
    const port = await freePort();
    addresses.push(`127.0.0.1:${port}`);
    throughLinks.push(`127.0.0.1:${await link(`registry-${i}`, port)}`);
  }
  const services = await startServices({
    home,
    registries: addresses,
    registryTarget: targetOf(throughLinks),
    workers,
    environment,
    programs,
    restartMs: RESTART_MS,
    say,
  });
  const registry = new PoolRegistryClient(targetOf(addresses), credentials.createInsecure());
  const close = async () => {
    registry.close();
    await services.close();
    return leftOver(run);
  };
  try {
    await services.ready();
  } catch (error) {
    await close();
    throw error;
  }
  const { processes, logFolder } = services;
  const servers = { postgres, nats, s3: store };
  let kills = 0;
  return {
    registry,
    servers,
    links,
    processes,
    kill(name) {
      const pid = processes.get(name)?.pid();
      if (pid === undefined) return false;
      process.kill(pid, 'SIGKILL');
      kills++;
      return true;
    },
    deaths: () => [...processes.values()].reduce((sum, each) => sum + each.deaths(), 0) - kills,
    leaseMs: 1_000 * leaseSeconds,
    logFolder,
    close,
  };
}

function onPort(url: string, from: number, to: number): string {
  return url.replace(new RegExp(`127\\.0\\.0\\.1(:|%3A)${from}`), `127.0.0.1$1${to}`);
}

async function createDatabase(serverUrl: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(`create database "${name}"`);
  } finally {
    await client.end();
  }
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** What an earlier system left: message ids are counted by the database, so events of a new one would be taken for old ones. */
async function deleteStreams(url: string): Promise<void> {
  const connection = await connect({ servers: url });
  try {
    const manager = await jetstreamManager(connection);
    for await (const { config } of manager.streams.list()) {
      if (config.name === WORK_STREAM || config.name === EVENT_STREAM) await manager.streams.delete(config.name);
    }
  } finally {
    await connection.close();
  }
}

/** A compute process ends within half a second of its parent. */
async function leftOver(run: string): Promise<number[]> {
  const end = Date.now() + ORPHAN_LIMIT_MS;
  for (;;) {
    const pids = processesOf(run);
    if (pids.length === 0 || Date.now() > end) return pids;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
