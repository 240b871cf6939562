// The part of the Kubernetes API that knows Jobs, over real HTTP: names are taken once, lists come in pages, deleting is deferred.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface FakeJob {
  metadata: {
    name: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    deletionTimestamp?: string;
  };
  spec: { template: { spec: { containers: { env: { name: string; value: string }[] }[] } } };
  status?: { active?: number; conditions?: { type: string; status: string }[] };
}

export interface FakeKubernetes {
  readonly apiUrl: string;
  /** As every pod has it: token and namespace. */
  readonly folder: string;
  readonly jobs: Map<string, FakeJob>;
  /** Method and path of each request, in order. */
  readonly requests: string[];
  /** Answers in place of the server where it gives something. */
  refuse?: ((method: string, url: string) => { status: number; body: string } | undefined) | undefined;
  end(name: string, type: 'Complete' | 'Failed'): void;
  close(): Promise<void>;
}

const PAGE = 2;

/** @param token the one it accepts */
export async function startFakeKubernetes(token = 'secret'): Promise<FakeKubernetes> {
  const folder = await mkdtemp(path.join(tmpdir(), 'cpral-kubernetes-'));
  await writeFile(path.join(folder, 'token'), `${token}\n`);
  await writeFile(path.join(folder, 'namespace'), 'cpral');
  const jobs = new Map<string, FakeJob>();
  const requests: string[] = [];
  const answer = async (request: IncomingMessage): Promise<{ status: number; body: unknown }> => {
    const { method = '', url = '' } = request;
    requests.push(`${method} ${url}`);
    const refused = fake.refuse?.(method, url);
    if (refused) return refused;
    if (request.headers.authorization !== `Bearer ${token}`) return { status: 401, body: { message: 'Unauthorized' } };
    const { pathname, searchParams } = new URL(url, 'http://api');
    const [, name] = /^\/apis\/batch\/v1\/namespaces\/cpral\/jobs(?:\/(.+))?$/.exec(pathname) ?? [undefined, ''];
    if (method === 'GET') {
      const [key, value] = (searchParams.get('labelSelector') ?? '').split('=');
      const found = [...jobs.values()].filter(({ metadata }) => metadata.labels?.[key ?? ''] === value);
      const start = Number(searchParams.get('continue') || 0);
      const more = start + PAGE < found.length ? `${start + PAGE}` : '';
      return { status: 200, body: { items: found.slice(start, start + PAGE), metadata: { continue: more } } };
    }
    if (method === 'POST') {
      const job = JSON.parse(await textOf(request)) as FakeJob;
      if (jobs.has(job.metadata.name)) return { status: 409, body: { reason: 'AlreadyExists' } };
      jobs.set(job.metadata.name, { ...job, status: { active: 1 } });
      return { status: 201, body: job };
    }
    return jobs.delete(name ?? '') ? { status: 200, body: {} } : { status: 404, body: { message: 'not found' } };
  };
  const server = createServer(async (request, response) => {
    const { status, body } = await answer(request);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const fake: FakeKubernetes = {
    apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    folder,
    jobs,
    requests,
    end(name, type) {
      const job = jobs.get(name);
      if (!job) throw new Error(`no Job ${name}`);
      job.status = { conditions: [{ type, status: 'True' }] };
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true });
    },
  };
  return fake;
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request.setEncoding('utf8')) text += part;
  return text;
}
