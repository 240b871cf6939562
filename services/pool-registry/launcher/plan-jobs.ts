// Which Jobs to make and which to delete, from the trainings and Jobs that there are. Nothing is remembered between two looks, so
// whatever was missed, done twice or done by others is made good by the next.
import { jobName, type Training } from './job-template.ts';

export interface WaitingTraining extends Training {
  /** Of its specification: equal trainings are done once. */
  readonly specDigest: string;
  readonly state: 'open' | 'leased' | 'done' | 'given-up';
  /** Its campaign goes on, or goes on with what is under way. */
  readonly isWanted: boolean;
  /** Open, and no failure puts it off. */
  readonly isDue: boolean;
}

export interface TrainingJob {
  readonly name: string;
  readonly itemId: string;
  readonly end: 'complete' | 'failed' | undefined;
  /** Deleted, and its pods are ending. */
  readonly isGoing: boolean;
  readonly hasPods: boolean;
}

export interface JobPlan {
  readonly create: readonly WaitingTraining[];
  /** Names. */
  readonly remove: readonly string[];
}

interface Situation {
  readonly launcher: string;
  /** In the order in which they are to be done. */
  readonly trainings: readonly WaitingTraining[];
  readonly jobs: readonly TrainingJob[];
  readonly maxJobs: number;
}

export function planJobs({ launcher, trainings, jobs, maxJobs }: Situation): JobPlan {
  const byItem = new Map(trainings.map((training) => [training.itemId, training]));
  const byName = new Map(jobs.map((job) => [job.name, job]));
  const unfinished = jobs.filter((job) => job.end === undefined);
  const remove = unfinished
    .filter((job) => !job.isGoing && isNeedless(job, byItem.get(job.itemId)))
    .map(({ name }) => name);
  const create: WaitingTraining[] = [];
  const digestOf = (itemId: string) => byItem.get(itemId)?.specDigest;
  const underWay = new Set([
    ...unfinished.map((job) => digestOf(job.itemId)),
    ...trainings.filter(({ state }) => state === 'leased').map(({ specDigest }) => specDigest),
  ]);
  for (const training of trainings) {
    if (!training.isWanted || !training.isDue || underWay.has(training.specDigest)) continue;
    const former = byName.get(jobName(launcher, training));
    // It ended without a result, as after a stop: its name is free once it is gone.
    if (former?.end === 'complete' && !former.isGoing) remove.push(former.name);
    // One that failed stays for as long as its template says, and only then is it tried again.
    if (former || unfinished.length + create.length >= maxJobs) continue;
    create.push(training);
    underWay.add(training.specDigest);
  }
  return { create, remove };
}

/** Who has just reported a result ends by itself, and its Job is to say so. */
function isNeedless(job: TrainingJob, training: WaitingTraining | undefined): boolean {
  if (training?.isWanted) return false;
  return !(training?.state === 'done' && job.hasPods);
}
