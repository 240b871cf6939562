// The settings of this service, from the environment.
import { type Environment, readServiceConfig, type ServiceConfig } from '../shared/environment.ts';

const DEFAULT_PORT = 4103;

export function readConfig(environment: Environment = process.env): ServiceConfig {
  return readServiceConfig(environment, { port: DEFAULT_PORT });
}
