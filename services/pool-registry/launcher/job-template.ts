// The Job of a training: whoever installs says what its pod is like, in a file; the launcher adds which training it is.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { invalid } from '../../shared/errors.ts';

/** On each Job, with the template's value: two launchers in a namespace do not see each other's. */
export const LAUNCHED_BY = 'cpral/launched-by';
export const WORK_ITEM = 'cpral/work-item';
const ITEM_VARIABLE = 'CPRAL_WORK_ITEM';
/** Of a name of at most 63 characters; the launcher's part is at most 40. */
const HASH_CHARS = 12;
const MAX_LAUNCHER_CHARS = 40;

interface Metadata {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

interface Container {
  readonly env?: readonly unknown[];
}

interface PodSpec {
  readonly containers: readonly [Container, ...Container[]];
}

export interface JobTemplate {
  readonly apiVersion: 'batch/v1';
  readonly kind: 'Job';
  readonly metadata: Metadata;
  readonly spec: { readonly template: { readonly metadata?: Metadata; readonly spec: PodSpec } };
}

export interface NamedJob extends JobTemplate {
  readonly metadata: Metadata & { readonly name: string };
}

/** @throws INVALID_ARGUMENT naming the file and what it lacks */
export async function readJobTemplate(file: string): Promise<JobTemplate> {
  const text = await readFile(file, 'utf8').catch((cause) => {
    throw invalid(`${file}: expected a Job in JSON, got nothing to read`, {
      field: 'CPRAL_TRAINING_JOB_TEMPLATE',
      cause,
    });
  });
  return checked(file, parsed(file, text));
}

function parsed(file: string, text: string): JobTemplate {
  try {
    return JSON.parse(text) as JobTemplate;
  } catch (cause) {
    throw wrong(file, 'JSON', 'something else', cause);
  }
}

function checked(file: string, job: JobTemplate): JobTemplate {
  if (job?.apiVersion !== 'batch/v1' || job.kind !== 'Job')
    throw wrong(file, 'a Job of batch/v1', `${job?.apiVersion} ${job?.kind}`);
  if (!Array.isArray(job.spec?.template?.spec?.containers) || job.spec.template.spec.containers.length === 0)
    throw wrong(file, 'a container in spec.template.spec', 'none');
  const launcher = launcherOf(job);
  if (!launcher || launcher.length > MAX_LAUNCHER_CHARS)
    throw wrong(file, `a label ${LAUNCHED_BY} of at most ${MAX_LAUNCHER_CHARS} characters`, `"${launcher}"`);
  return job;
}

export function launcherOf({ metadata }: JobTemplate): string {
  return metadata?.labels?.[LAUNCHED_BY] ?? '';
}

export interface Training {
  readonly itemId: string;
  /** Failures that were counted: a training that is tried again has a Job of another name, and the first one stays to be looked at. */
  readonly failures: number;
}

/** The same for the same training and failures: it is made once, however often it is asked for. */
export function jobName(launcher: string, { itemId, failures }: Training): string {
  const hash = createHash('sha256').update(itemId).digest('hex').slice(0, HASH_CHARS);
  return `${launcher}-train-${hash}-${failures}`;
}

export function jobOf(template: JobTemplate, training: Training): NamedJob {
  const { metadata, spec } = template;
  const pod = spec.template;
  const [first, ...others] = pod.spec.containers;
  const container = { ...first, env: [...(first.env ?? []), { name: ITEM_VARIABLE, value: training.itemId }] };
  const annotated = (given: Metadata = {}): Metadata => ({
    ...given,
    annotations: { ...given.annotations, [WORK_ITEM]: training.itemId },
  });
  return {
    ...template,
    metadata: { ...annotated(metadata), name: jobName(launcherOf(template), training) },
    spec: {
      ...spec,
      template: {
        ...pod,
        metadata: annotated(pod.metadata),
        spec: { ...pod.spec, containers: [container, ...others] },
      },
    },
  };
}

function wrong(file: string, expected: string, got: string, cause?: unknown) {
  return invalid(`${file}: expected ${expected}, got ${got}`, { field: 'CPRAL_TRAINING_JOB_TEMPLATE', cause });
}
