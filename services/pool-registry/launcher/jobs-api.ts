// The three calls of the Kubernetes API that the launcher makes, with the token that is mounted into every pod that may have one.
// Its client library would bring sixteen packages along, and ideas of its own about files, proxies and credentials.
import { readFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import path from 'node:path';
import { CpralError } from '../../shared/errors.ts';
import { type JobTemplate, LAUNCHED_BY, type NamedJob, WORK_ITEM } from './job-template.ts';
import type { TrainingJob } from './plan-jobs.ts';

export const SERVICE_ACCOUNT_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';
const REQUEST_LIMIT_MS = 10_000;
const JOBS_PER_PAGE = 200;
const MAX_ANSWER_BYTES = 32 << 20;

export interface JobsApi {
  /** All Jobs of this launcher, ended ones included. */
  list(launcher: string): Promise<TrainingJob[]>;
  /** Making a Job that is there changes nothing. */
  create(job: NamedJob): Promise<void>;
  /** With its pods; deleting one that is gone changes nothing. */
  delete(name: string): Promise<void>;
}

interface JobsApiOptions {
  readonly apiUrl: string;
  /** Holds token, namespace, and the certificate of the API where it speaks TLS. */
  readonly folder?: string;
}

interface Job {
  readonly metadata: JobTemplate['metadata'] & { readonly name: string; readonly deletionTimestamp?: string };
  readonly status?: {
    readonly active?: number;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

interface Page {
  readonly items?: readonly Job[];
  readonly metadata?: { readonly continue?: string };
}

export function jobsApi({ apiUrl, folder = SERVICE_ACCOUNT_FOLDER }: JobsApiOptions): JobsApi {
  // Read each time: the kubelet renews the token before it expires.
  const read = async (name: string) => (await readFile(path.join(folder, name), 'utf8')).trim();
  const send = async (method: string, name: string, body?: object): Promise<Answer> => {
    const url = new URL(`/apis/batch/v1/namespaces/${await read('namespace')}/jobs${name}`, apiUrl);
    const ca = url.protocol === 'https:' ? { ca: await read('ca.crt') } : {};
    return exchange(url, { method, token: await read('token'), body, ...ca });
  };

  return {
    async list(launcher) {
      const jobs: TrainingJob[] = [];
      const selector = encodeURIComponent(`${LAUNCHED_BY}=${launcher}`);
      for (let token = ''; ; ) {
        const query = `?labelSelector=${selector}&limit=${JOBS_PER_PAGE}&continue=${encodeURIComponent(token)}`;
        const page = expected<Page>(await send('GET', query), 'list Jobs', [200]);
        jobs.push(...(page.items ?? []).map(trainingJob));
        token = page.metadata?.continue ?? '';
        if (token === '') return jobs;
      }
    },
    async create(job) {
      expected(await send('POST', '', job), `create Job ${job.metadata.name}`, [200, 201, 202, 409]);
    },
    async delete(name) {
      // By the API's own default the pods of a deleted Job would stay.
      const query = '?propagationPolicy=Background';
      expected(await send('DELETE', `/${name}${query}`), `delete Job ${name}`, [200, 202, 404]);
    },
  };
}

function trainingJob({ metadata, status }: Job): TrainingJob {
  const holds = (type: string) =>
    status?.conditions?.some((each) => each.type === type && each.status === 'True') ?? false;
  return {
    name: metadata.name,
    itemId: metadata.annotations?.[WORK_ITEM] ?? '',
    end: holds('Complete') ? 'complete' : holds('Failed') ? 'failed' : undefined,
    isGoing: metadata.deletionTimestamp !== undefined,
    hasPods: (status?.active ?? 0) > 0,
  };
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

interface Sent {
  readonly method: string;
  readonly token: string;
  readonly body: object | undefined;
  readonly ca?: string;
}

async function exchange(url: URL, { method, token, body, ca }: Sent): Promise<Answer> {
  const text = body && JSON.stringify(body);
  const headers = { authorization: `Bearer ${token}`, accept: 'application/json', 'content-type': 'application/json' };
  const options = { method, headers, signal: AbortSignal.timeout(REQUEST_LIMIT_MS), ...(ca && { ca }) };
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options, resolve);
      request.once('error', reject).end(text);
    });
    return { status: response.statusCode ?? 0, text: await readText(response) };
  } catch (cause) {
    throw new CpralError('UNAVAILABLE', 'the Kubernetes API cannot be reached', {
      reason: 'KUBERNETES_UNAVAILABLE',
      cause,
    });
  }
}

async function readText(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > MAX_ANSWER_BYTES) throw new Error(`an answer of more than ${MAX_ANSWER_BYTES} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** @throws UNAVAILABLE where trying again may help, FAILED_PRECONDITION with the API's own words where it refuses */
function expected<T>({ status, text }: Answer, what: string, accepted: readonly number[]): T {
  if (accepted.includes(status)) return parsed(text) as T;
  const message = (parsed(text) as { message?: string }).message ?? `status ${status}`;
  const mayPass = status === 429 || status >= 500;
  throw new CpralError(mayPass ? 'UNAVAILABLE' : 'FAILED_PRECONDITION', `Kubernetes: ${what}: ${message}`, {
    reason: mayPass ? 'KUBERNETES_UNAVAILABLE' : 'KUBERNETES_REFUSES',
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
