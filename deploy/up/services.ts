// Every service as a process of its own: the registry and the workers that ask it.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { credentials } from '@grpc/grpc-js';
import { PoolRegistryClient } from '../../proto/gen/cpral/v1/pool_registry.ts';
import type { Say } from '../servers/say.ts';
import { type Supervised, supervise } from './supervise.ts';

const REGISTRY = 'pool-registry';
const WORKERS = ['trainer', 'panoptic-scorer', 'region-selector', 'label-extender', 'oracle'];
const READY_LIMIT_MS = 60_000;
/** A worker's own gRPC door; its log says which port it got. */
const FREE_PORT = '127.0.0.1:0';

export interface ServicesOptions {
  readonly home: string;
  /** The registry's address. */
  readonly listen: string;
  /** Processes of each kind of worker. */
  readonly workers: number;
  /** The servers' addresses. */
  readonly environment: Readonly<Record<string, string>>;
  readonly say: Say;
}

export interface Services {
  readonly logFolder: string;
  /** By name; a second trainer is "trainer-2". */
  readonly processes: ReadonlyMap<string, Supervised>;
  /** Resolves when the registry answers. */
  ready(): Promise<void>;
  /** Workers first, so that what they hold is reported or handed back. */
  close(): Promise<void>;
}

export async function startServices({ home, listen, workers, environment, say }: ServicesOptions): Promise<Services> {
  const logFolder = path.join(home, 'log');
  await mkdir(logFolder, { recursive: true });
  const processes = new Map<string, Supervised>();
  const start = (name: string, service: string, env: Readonly<Record<string, string>>) => {
    const logFile = path.join(logFolder, `${name}.log`);
    const program = path.resolve(import.meta.dirname, `../../services/${service}/main.ts`);
    processes.set(name, supervise({ name, program, env: { ...environment, ...env }, logFile, say }));
  };
  start(REGISTRY, REGISTRY, { CPRAL_LISTEN: listen });
  for (const service of WORKERS) {
    for (let nth = 1; nth <= workers; nth++) {
      const name = nth === 1 ? service : `${service}-${nth}`;
      start(name, service, { CPRAL_LISTEN: FREE_PORT, CPRAL_REGISTRY: listen });
    }
  }
  return {
    logFolder,
    processes,
    ready: () => untilAnswers(listen),
    async close() {
      const { [REGISTRY]: registry, ...others } = Object.fromEntries(processes);
      await Promise.all(Object.values(others).map((worker) => worker.stop()));
      await registry?.stop();
    },
  };
}

async function untilAnswers(address: string): Promise<void> {
  const client = new PoolRegistryClient(address, credentials.createInsecure());
  try {
    await new Promise<void>((resolve, reject) => {
      client.waitForReady(Date.now() + READY_LIMIT_MS, (error) => (error ? reject(error) : resolve()));
    });
  } finally {
    client.close();
  }
}
