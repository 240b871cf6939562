// A gRPC server as every service runs it: health, reflection, named limits, and an end that does not hang.
import {
  Server,
  type ServerInterceptor,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { CpralError } from '../errors.ts';
import { serverCredentials, type TlsOptions } from './credentials.ts';
import { createHealth, type Health } from './health.ts';
import { type OpenCalls, trackCalls } from './open-calls.ts';
import { addReflection } from './reflection.ts';

/** gRPC's default, kept: pixels travel as references or in chunks. */
const MAX_MESSAGE_BYTES = 4 << 20;
/** How long calls under way may take to end before they are told to try elsewhere. */
const SHUTDOWN_GRACE_MS = 3_000;
/** How long it may take to tell them before their connections are cut. */
const GOODBYE_LIMIT_MS = 1_000;
/** Clients look up their servers when a connection ends: replicas that came later get their share. Calls under way finish first. */
const MAX_CONNECTION_AGE_MS = 5 * 60_000;

export interface GrpcService {
  readonly definition: ServiceDefinition;
  readonly implementation: UntypedServiceImplementation;
}

/** Pairs a generated definition with an implementation of exactly its methods. */
export function grpcService<Implementation extends UntypedServiceImplementation>(
  definition: ServiceDefinition<Implementation>,
  implementation: Implementation,
): GrpcService {
  return { definition: definition as ServiceDefinition, implementation };
}

export interface RunningServer {
  /** host:port, with the port that was chosen where 0 was asked for. */
  readonly address: string;
  close(): Promise<void>;
}

export interface ServerSettings {
  /** Undefined: plaintext. */
  readonly tls?: TlsOptions | undefined;
  /** Lets calls through; undefined: whoever reaches the server is its owner. */
  readonly guard?: ServerInterceptor | undefined;
  readonly maxConnectionAgeMs?: number;
}

/**
 * @param listen host:port; port 0 takes a free one
 * @param health by default ready while it listens
 */
export async function startServer(
  listen: string,
  services: readonly GrpcService[],
  health: Health = createHealth(),
  { tls, guard, maxConnectionAgeMs = MAX_CONNECTION_AGE_MS }: ServerSettings = {},
): Promise<RunningServer> {
  const calls = trackCalls();
  const server = new Server({
    interceptors: guard ? [calls.interceptor, guard] : [calls.interceptor],
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_connection_age_ms': maxConnectionAgeMs,
  });
  health.addTo(server);
  for (const { definition, implementation } of services) {
    server.addService(definition, implementation);
    health.addService(nameOf(definition));
  }
  addReflection(
    server,
    services.map(({ definition }) => nameOf(definition)),
  );
  return running(server, listen, health, { tls, calls });
}

/** Health alone, without encryption and on a port of its own: probes know no other. */
export async function startHealthServer(listen: string, health: Health): Promise<RunningServer> {
  const calls = trackCalls();
  const server = new Server({ interceptors: [calls.interceptor] });
  health.addTo(server);
  return running(server, listen, health, { calls });
}

async function running(
  server: Server,
  listen: string,
  health: Health,
  { tls, calls }: { readonly tls?: TlsOptions | undefined; readonly calls: OpenCalls },
): Promise<RunningServer> {
  const port = await bind(server, listen, tls);
  return {
    address: listen.replace(/:\d+$/, `:${port}`),
    async close() {
      health.drain();
      const timers = [
        setTimeout(() => calls.end(), SHUTDOWN_GRACE_MS),
        setTimeout(() => server.forceShutdown(), SHUTDOWN_GRACE_MS + GOODBYE_LIMIT_MS),
      ];
      await new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

function bind(server: Server, listen: string, tls: TlsOptions | undefined): Promise<number> {
  const secured = serverCredentials(tls);
  return new Promise((resolve, reject) => {
    server.bindAsync(listen, secured, (cause, port) => {
      if (!cause) return resolve(port);
      reject(new CpralError('UNAVAILABLE', `cannot listen on ${listen}: ${cause.message}`, { field: 'listen', cause }));
    });
  });
}

/** The full name of a service, from the path of one of its methods: /cpral.v1.Trainer/Train. */
function nameOf(definition: ServiceDefinition): string {
  const [method] = Object.values(definition);
  return method?.path.split('/')[1] ?? '';
}
