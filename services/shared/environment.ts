// Reads settings from an environment that is passed in; pure, so that a service's own config.ts is all that touches the process's.
import { invalid } from './errors.ts';
import { readTelemetryConfig, type TelemetryConfig } from './telemetry/telemetry-config.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;
const LISTEN = /^\S+:\d{1,5}$/;

export interface ServiceConfig {
  /** host:port of the gRPC server. */
  readonly listen: string;
  readonly objectsUrl: string;
  readonly logLevel: string;
  readonly telemetry: TelemetryConfig;
}

/** @throws INVALID_ARGUMENT naming the variable */
export function readServiceConfig(environment: Environment, defaults: { port: number }): ServiceConfig {
  const listen = environment.CPRAL_LISTEN ?? `127.0.0.1:${defaults.port}`;
  if (!LISTEN.test(listen))
    throw invalid(`CPRAL_LISTEN: expected host:port, got "${listen}"`, { field: 'CPRAL_LISTEN' });
  return {
    listen,
    objectsUrl: required(environment, 'CPRAL_OBJECTS_URL'),
    logLevel: readLogLevel(environment),
    telemetry: readTelemetryConfig(environment),
  };
}

export function required(environment: Environment, name: string): string {
  const value = environment[name];
  if (!value) throw invalid(`${name}: expected a value, got nothing`, { field: name });
  return value;
}

function readLogLevel(environment: Environment): string {
  const level = environment.CPRAL_LOG_LEVEL ?? 'info';
  if ((LOG_LEVELS as readonly string[]).includes(level)) return level;
  throw invalid(`CPRAL_LOG_LEVEL: expected one of ${LOG_LEVELS.join(', ')}, got "${level}"`, {
    field: 'CPRAL_LOG_LEVEL',
  });
}
