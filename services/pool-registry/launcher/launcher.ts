// Trainings as Jobs of Kubernetes, one each, in place of trainers that wait for work. The registry's table says what is to be trained;
// a Job's pod leases its one item as any worker does, so leases, checkpoints, failures and cancellation are what they always are.
import { setTimeout as sleep } from 'node:timers/promises';
import { CpralError } from '../../shared/errors.ts';
import type { RegistryContext } from '../context.ts';
import type { Exclusively } from '../database/locks.ts';
import { type JobTemplate, jobOf, launcherOf, readJobTemplate } from './job-template.ts';
import { type JobsApi, jobsApi } from './jobs-api.ts';
import type { LauncherConfig } from './launcher-config.ts';
import type { Launcher } from './launcher-port.ts';
import { planJobs } from './plan-jobs.ts';
import { readTrainings } from './read-trainings.ts';
import { settleByTwin } from './settle-by-twin.ts';

const LOOK_INTERVAL_MS = 3_000;
/** The API refuses, or is away: it is not asked every few seconds. */
const TROUBLE_PAUSE_MS = 10_000;

interface LauncherParts {
  readonly jobs: JobsApi;
  readonly template: JobTemplate;
  /** Jobs that have not ended, at once. */
  readonly maxJobs: number;
  readonly lookIntervalMs?: number;
}

/** @throws INVALID_ARGUMENT where the template is not one */
export async function openLauncher({ apiUrl, templateFile, maxJobs }: LauncherConfig): Promise<Launcher> {
  return createLauncher({ jobs: jobsApi({ apiUrl }), template: await readJobTemplate(templateFile), maxJobs });
}

export function createLauncher(parts: LauncherParts): Launcher {
  return (context, exclusively, signal) => launchLoop(context, exclusively, parts, signal);
}

async function launchLoop(
  context: RegistryContext,
  exclusively: Exclusively,
  launcher: LauncherParts,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const pauseMs = await exclusively('launch', () => launchTrainings(context, launcher)).then(
      () => launcher.lookIntervalMs ?? LOOK_INTERVAL_MS,
      (err) => {
        context.log.error({ loop: 'launcher', err }, 'turn failed, trying again');
        return launcher.lookIntervalMs ?? TROUBLE_PAUSE_MS;
      },
    );
    await sleep(pauseMs, undefined, { signal }).catch(() => {});
  }
}

/** One look, and what it leads to. */
export async function launchTrainings(
  context: RegistryContext,
  { jobs, template, maxJobs }: LauncherParts,
): Promise<void> {
  const { db, log, clock } = context;
  const launcher = launcherOf(template);
  const present = await jobs.list(launcher);
  const trainings = await readTrainings(
    db,
    present.map(({ itemId }) => itemId),
    clock.now(),
  );
  const { create, remove } = planJobs({ launcher, trainings, jobs: present, maxJobs });
  for (const name of remove) {
    await jobs.delete(name);
    log.info({ job: name }, 'training Job deleted: nobody needs it, or it ended without a result');
  }
  for (const training of create) {
    const { itemId: item } = training;
    if (await settleByTwin(context, item)) continue;
    const job = jobOf(template, training);
    try {
      await jobs.create(job);
    } catch (error) {
      // The quota of the namespace, or an admission policy: the others may still pass.
      if (!(error instanceof CpralError && error.code === 'FAILED_PRECONDITION')) throw error;
      log.error({ item, job: job.metadata.name, err: error }, 'training Job refused, trying again');
      continue;
    }
    log.info({ item, job: job.metadata.name }, 'training Job made');
  }
}
