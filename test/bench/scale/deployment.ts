// What the benchmarks of scale run on: PostgreSQL, NATS and S3 as in production, and the registry as a process of its own.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { credentials } from '@grpc/grpc-js';
import pg from 'pg';
import { freePort } from '../../../deploy/servers/free-port.ts';
import { startServers } from '../../../deploy/servers/start-servers.ts';
import { type Supervised, supervise } from '../../../deploy/up/supervise.ts';
import { PoolRegistryClient } from '../../../proto/gen/cpral/v1/pool_registry.ts';
import { WorkQueueClient } from '../../../proto/gen/cpral/v1/work.ts';

const READY_LIMIT_MS = 60_000;
const say = (sentence: string) => console.error(`bench: ${sentence}`);

export interface Deployment {
  readonly registry: PoolRegistryClient;
  readonly queue: WorkQueueClient;
  readonly registryPid: number;
  /** Past the registry: stub scores, and plans. */
  readonly sql: pg.Client;
  readonly natsUrl: string;
  /** Starts a program beside the registry that knows where everything is. */
  start(name: string, program: string, env?: Readonly<Record<string, string>>): Supervised;
}

/** Everything is ended and removed when the last value was taken. */
export async function* withDeployment<T>(run: (deployment: Deployment) => AsyncGenerator<T>): AsyncGenerator<T> {
  const home = await mkdtemp(path.join(tmpdir(), 'cpral-scale-'));
  const servers = await startServers({ folder: home, say, durable: true });
  const address = `127.0.0.1:${await freePort()}`;
  const programs: Supervised[] = [];
  const start = (name: string, program: string, env = {}) => {
    const given = { ...servers.environment, CPRAL_REGISTRY: address, ...env };
    const started = supervise({ name, program, env: given, logFile: path.join(home, `${name}.log`), say });
    programs.push(started);
    return started;
  };
  const main = path.resolve(import.meta.dirname, '../../../services/pool-registry/main.ts');
  const supervised = start('pool-registry', main, { CPRAL_LISTEN: address });
  const registry = new PoolRegistryClient(address, credentials.createInsecure());
  const queue = new WorkQueueClient(address, credentials.createInsecure());
  const sql = new pg.Client({ connectionString: servers.environment.CPRAL_DATABASE_URL });
  try {
    await sql.connect();
    await new Promise<void>((resolve, reject) => {
      registry.waitForReady(Date.now() + READY_LIMIT_MS, (error) => (error ? reject(error) : resolve()));
    });
    const natsUrl = servers.environment.CPRAL_NATS_URL;
    yield* run({ registry, queue, sql, start, natsUrl, registryPid: supervised.pid() ?? 0 });
    if (programs.some((program) => program.deaths() > 0)) throw new Error(`a process died: its log was in ${home}`);
  } finally {
    await Promise.all(programs.slice(1).map((program) => program.stop()));
    await supervised.stop();
    for (const client of [registry, queue]) client.close();
    await sql.end();
    await servers.close();
    await rm(home, { recursive: true, force: true });
  }
}
