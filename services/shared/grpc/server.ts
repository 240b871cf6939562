// A gRPC server as every service runs it: health, reflection, named limits, and an end that does not hang.
import { Server, ServerCredentials, type ServiceDefinition, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';
import { CpralError } from '../errors.ts';
import { addReflection } from './reflection.ts';

/** gRPC's default, kept: pixels travel as references or in chunks. */
const MAX_MESSAGE_BYTES = 4 << 20;
/** How long calls under way may take to end before they are cut. */
const SHUTDOWN_GRACE_MS = 3_000;

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

/** @param listen host:port; port 0 takes a free one */
export async function startServer(listen: string, services: readonly GrpcService[]): Promise<RunningServer> {
  const server = new Server({
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
  });
  const health = new HealthImplementation({ '': 'SERVING' });
  health.addToServer(server);
  for (const { definition, implementation } of services) {
    server.addService(definition, implementation);
    health.setStatus(nameOf(definition), 'SERVING');
  }
  addReflection(
    server,
    services.map(({ definition }) => nameOf(definition)),
  );
  const port = await bind(server, listen);
  return {
    address: listen.replace(/:\d+$/, `:${port}`),
    async close() {
      health.setStatus('', 'NOT_SERVING');
      const timer = setTimeout(() => server.forceShutdown(), SHUTDOWN_GRACE_MS);
      await new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
      clearTimeout(timer);
    },
  };
}

function bind(server: Server, listen: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(listen, ServerCredentials.createInsecure(), (cause, port) => {
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
