// What the environment says about who trains: a queue for resident trainers, or a Job of Kubernetes for each training.
import { type Environment, required } from '../../shared/environment.ts';
import { invalid } from '../../shared/errors.ts';

const LAUNCHER = 'CPRAL_TRAINING_LAUNCHER';
const TEMPLATE = 'CPRAL_TRAINING_JOB_TEMPLATE';
const MAX_JOBS = 'CPRAL_TRAINING_MAX_JOBS';
const MAX_MAX_JOBS = 10_000;

export interface LauncherConfig {
  /** Address of the cluster's API, as every pod is told it. */
  readonly apiUrl: string;
  /** A Job in JSON, for all but what is a training's own. */
  readonly templateFile: string;
  /** Jobs that have not ended, at once. */
  readonly maxJobs: number;
}

/** @returns undefined where trainings go to the queue */
export function readLauncher(environment: Environment): LauncherConfig | undefined {
  const launcher = environment[LAUNCHER];
  if (!launcher) return undefined;
  if (launcher !== 'kubernetes') {
    throw invalid(`${LAUNCHER}: expected kubernetes or nothing, got "${launcher}"`, { field: LAUNCHER });
  }
  const host = required(environment, 'KUBERNETES_SERVICE_HOST');
  const port = required(environment, 'KUBERNETES_SERVICE_PORT');
  return {
    apiUrl: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    templateFile: required(environment, TEMPLATE),
    maxJobs: readMaxJobs(required(environment, MAX_JOBS)),
  };
}

function readMaxJobs(text: string): number {
  const jobs = Number(text);
  if (Number.isInteger(jobs) && jobs >= 1 && jobs <= MAX_MAX_JOBS) return jobs;
  throw invalid(`${MAX_JOBS}: expected a whole number from 1 to ${MAX_MAX_JOBS}, got "${text}"`, { field: MAX_JOBS });
}
