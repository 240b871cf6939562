// The settings of this service, from the environment.
import { type Environment, readWorkerConfig, type WorkerConfig } from '../shared/environment.ts';

const DEFAULT_PORT = 4105;

export function readConfig(environment: Environment = process.env): WorkerConfig {
  return readWorkerConfig(environment, { port: DEFAULT_PORT });
}
