// The settings of this service, from the environment.
import { type Environment, readServiceConfig, required, type ServiceConfig } from '../shared/environment.ts';

const DEFAULT_PORT = 4101;

export interface RegistryConfig extends ServiceConfig {
  readonly databaseUrl: string;
}

export function readConfig(environment: Environment = process.env): RegistryConfig {
  return {
    ...readServiceConfig(environment, { port: DEFAULT_PORT }),
    databaseUrl: required(environment, 'CPRAL_DATABASE_URL'),
  };
}
