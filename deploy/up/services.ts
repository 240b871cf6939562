// Every service as a process of its own: the registries, the workers that ask them, and the label tool for people.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { credentials } from '@grpc/grpc-js';
import { PoolRegistryClient } from '../../proto/gen/cpral/v1/pool_registry.ts';
import type { Say } from '../servers/say.ts';
import { type Supervised, supervise } from './supervise.ts';

const REGISTRY = 'pool-registry';
const WORKERS = ['trainer', 'panoptic-scorer', 'region-selector', 'label-extender', 'oracle'];
const LABEL_TOOL = 'label-tool';
const READY_LIMIT_MS = 60_000;
/** A worker's own gRPC door; its log says which port it got. */
const FREE_PORT = '127.0.0.1:0';

export interface ServicesOptions {
  readonly home: string;
  /** The address of each registry. */
  readonly registries: readonly string[];
  /** Where workers find the registries, if not there themselves. */
  readonly registryTarget?: string;
  /** Processes of each kind of worker. */
  readonly workers: number;
  /** host:port of the label tool's page; undefined: it is not served. */
  readonly pageListen?: string | undefined;
  /** The servers' addresses. */
  readonly environment: Readonly<Record<string, string>>;
  /** Other programs in place of a service's own. */
  readonly programs?: Readonly<Record<string, string>>;
  readonly restartMs?: number;
  readonly say: Say;
}

export interface Services {
  readonly logFolder: string;
  /** By name; a second trainer is "trainer-2". */
  readonly processes: ReadonlyMap<string, Supervised>;
  /** Resolves when the registries answer. */
  ready(): Promise<void>;
  /** Workers first, so that what they hold is reported or handed back. */
  close(): Promise<void>;
}

export async function startServices(options: ServicesOptions): Promise<Services> {
  const { home, registries, workers, environment, programs = {}, restartMs, say } = options;
  const logFolder = path.join(home, 'log');
  await mkdir(logFolder, { recursive: true });
  const processes = new Map<string, Supervised>();
  const start = (service: string, nth: number, env: Readonly<Record<string, string>>) => {
    const name = nth === 1 ? service : `${service}-${nth}`;
    const logFile = path.join(logFolder, `${name}.log`);
    const program = programs[service] ?? path.resolve(import.meta.dirname, `../../services/${service}/main.ts`);
    const metrics = metricsListen(process.env.CPRAL_METRICS_LISTEN, processes.size);
    const own = { ...environment, ...metrics, ...env };
    const supervised = supervise({ name, program, env: own, logFile, say, restartMs });
    processes.set(name, supervised);
    return supervised;
  };
  const started = registries.map((listen, i) => start(REGISTRY, i + 1, { CPRAL_LISTEN: listen }));
  const target = options.registryTarget ?? targetOf(registries);
  const asking = { CPRAL_LISTEN: FREE_PORT, CPRAL_REGISTRY: target };
  const others = WORKERS.flatMap((service) => Array.from({ length: workers }, (_, i) => start(service, i + 1, asking)));
  if (options.pageListen !== undefined) {
    const uploads = path.join(home, 'uploads');
    const page = { CPRAL_LABEL_TOOL_LISTEN: options.pageListen, CPRAL_LABEL_TOOL_UPLOADS: uploads };
    others.push(start(LABEL_TOOL, 1, { CPRAL_REGISTRY: target, ...page }));
  }
  return {
    logFolder,
    processes,
    ready: async () => void (await Promise.all(registries.map(untilAnswers))),
    async close() {
      await Promise.all(others.map((worker) => worker.stop()));
      await Promise.all(started.map((registry) => registry.stop()));
    },
  };
}

/** One address as it is, several as gRPC writes them. */
export function targetOf(addresses: readonly string[]): string {
  return addresses.length === 1 ? (addresses[0] ?? '') : `ipv4:${addresses.join(',')}`;
}

/** Each process needs an address of its own for its metrics: the first has the one that was asked for, the others the ports after it. */
function metricsListen(first: string | undefined, nth: number): Record<string, string> {
  const [, host, port] = /^(.+):(\d+)$/.exec(first ?? '') ?? [];
  return host === undefined ? {} : { CPRAL_METRICS_LISTEN: `${host}:${Number(port) + nth}` };
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
