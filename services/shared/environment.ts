// Reads settings from an environment that is passed in; pure, so that a service's own config.ts is all that touches the process's.
import { invalid } from './errors.ts';
import type { TlsFiles } from './grpc/certificate-files.ts';
import type { Bearer } from './grpc/send-token.ts';
import { type IdentityConfig, readIdentity } from './identity/identity-config.ts';
import { readBearer } from './identity/read-bearer.ts';
import { readTelemetryConfig, type TelemetryConfig } from './telemetry/telemetry-config.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;
/** Node with TensorFlow, and nothing done yet. */
const MIN_COMPUTE_MEMORY_MIB = 512;
const TLS_VARIABLES = ['CPRAL_TLS_CERT_FILE', 'CPRAL_TLS_KEY_FILE', 'CPRAL_TLS_CA_FILE'] as const;
const LOOPBACK = /^(127(\.\d+){3}|localhost|\[::1\]):/;
const LISTEN = /^\S+:\d{1,5}$/;

export interface ServiceConfig {
  /** host:port of the gRPC server. */
  readonly listen: string;
  /** Both sides of a connection show certificates; absent: plaintext. */
  readonly tls: TlsFiles | undefined;
  readonly objectsUrl: string;
  readonly logLevel: string;
  readonly telemetry: TelemetryConfig;
  /** nats://...; absent: no bus to other processes. */
  readonly natsUrl: string | undefined;
  /** How callers are known; absent: whoever reaches a server is its owner. */
  readonly identity: IdentityConfig | undefined;
  /** host:port of health for probes that cannot encrypt; absent: health is on the gRPC server alone. */
  readonly healthListen: string | undefined;
}

export interface WorkerConfig extends ServiceConfig {
  /** host:port of the registry whose work is done; absent: the gRPC door is the only one. */
  readonly registry: string | undefined;
  /** What it shows the registry beside its certificate; mostly nothing. */
  readonly bearer: Bearer | undefined;
  /** The one item that this process is started for; absent: it takes what the queue has. */
  readonly workItem: string | undefined;
  /** What the compute process may hold. */
  readonly computeMemoryBytes: number;
}

/** @throws INVALID_ARGUMENT naming the variable */
export function readServiceConfig(environment: Environment, defaults: { port: number }): ServiceConfig {
  const listen = readAddress(environment, 'CPRAL_LISTEN') ?? `127.0.0.1:${defaults.port}`;
  const tls = readTls(environment);
  if (!tls) checkPlaintext(environment, listen);
  return {
    listen,
    tls,
    objectsUrl: required(environment, 'CPRAL_OBJECTS_URL'),
    logLevel: readLogLevel(environment),
    natsUrl: environment.CPRAL_NATS_URL || undefined,
    identity: readIdentity(environment),
    healthListen: readAddress(environment, 'CPRAL_HEALTH_LISTEN'),
    telemetry: readTelemetryConfig(environment),
  };
}

/** @throws INVALID_ARGUMENT naming the variable */
export function readWorkerConfig(environment: Environment, defaults: { port: number }): WorkerConfig {
  const service = readServiceConfig(environment, defaults);
  const registry = readAddress(environment, 'CPRAL_REGISTRY');
  const workItem = environment.CPRAL_WORK_ITEM || undefined;
  if (workItem !== undefined) {
    required(environment, 'CPRAL_REGISTRY');
  } else if ((registry === undefined) !== (service.natsUrl === undefined)) {
    const [given, missing] = registry ? ['CPRAL_REGISTRY', 'CPRAL_NATS_URL'] : ['CPRAL_NATS_URL', 'CPRAL_REGISTRY'];
    throw invalid(`${missing}: expected a value beside ${given}: work comes by the one and goes to the other`, {
      field: missing,
    });
  }
  const isPrivate = service.tls !== undefined || registry === undefined || isLoopback(registry);
  const bearer = readBearer(environment, { isPrivate });
  return { ...service, registry, bearer, workItem, computeMemoryBytes: readComputeMemory(environment) };
}

/** @throws INVALID_ARGUMENT where some of the files are named and others are not */
export function readTls(environment: Environment): TlsFiles | undefined {
  const [certFile, keyFile, caFile] = TLS_VARIABLES.map((name) => environment[name] || undefined);
  if (!certFile && !keyFile && !caFile) return undefined;
  const missing = TLS_VARIABLES.find((name) => !environment[name]);
  if (missing) {
    throw invalid(`${missing}: expected a file: ${TLS_VARIABLES.join(', ')} go together`, { field: missing });
  }
  return { certFile: certFile!, keyFile: keyFile!, caFile: caFile! };
}

/** @param listen host:port */
export const isLoopback = (listen: string): boolean => LOOPBACK.test(listen);

/** Whoever can reach a plaintext port can do everything, so that must have been meant. */
export function checkPlaintext(environment: Environment, listen: string, field = 'CPRAL_LISTEN'): void {
  if (isLoopback(listen) || environment.CPRAL_ALLOW_PLAINTEXT === '1') return;
  throw invalid(
    `${field}: "${listen}" is not the loopback: name certificates (${TLS_VARIABLES.join(', ')}), or set CPRAL_ALLOW_PLAINTEXT=1 where the network keeps others away`,
    { field },
  );
}

export function readAddress(environment: Environment, name: string): string | undefined {
  const address = environment[name];
  if (address && !LISTEN.test(address)) throw invalid(`${name}: expected host:port, got "${address}"`, { field: name });
  return address || undefined;
}

function readComputeMemory(environment: Environment): number {
  const name = 'CPRAL_COMPUTE_MEMORY_MIB';
  const text = environment[name];
  if (!text) return Infinity;
  const mib = Number(text);
  if (!Number.isInteger(mib) || mib < MIN_COMPUTE_MEMORY_MIB) {
    throw invalid(`${name}: expected a whole number of at least ${MIN_COMPUTE_MEMORY_MIB}, got "${text}"`, {
      field: name,
    });
  }
  return mib * 2 ** 20;
}

export function required(environment: Environment, name: string): string {
  const value = environment[name];
  if (!value) throw invalid(`${name}: expected a value, got nothing`, { field: name });
  return value;
}

export function readLogLevel(environment: Environment): string {
  const level = environment.CPRAL_LOG_LEVEL ?? 'info';
  if ((LOG_LEVELS as readonly string[]).includes(level)) return level;
  throw invalid(`CPRAL_LOG_LEVEL: expected one of ${LOG_LEVELS.join(', ')}, got "${level}"`, {
    field: 'CPRAL_LOG_LEVEL',
  });
}
