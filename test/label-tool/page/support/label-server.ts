// The label tool's HTTP contract from memory: what the page is tested against, with a hand on everything that can go wrong.
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Static } from 'typebox';
import type { AnnotationTask, Cost } from '../../../../services/label-tool/api-types.ts';
import { decodeMask } from '../../../../services/label-tool/page/geometry/mask-png.ts';
import type { Session } from '../../../../services/label-tool/schemas/session-schemas.ts';
import { type Answer, changeTask, type StoredTask } from './task-rules.ts';

const DIST = path.resolve(import.meta.dirname, '../../../../services/label-tool/page/dist');
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
/** What the page promises to live with: nothing from elsewhere, no inline script. */
const POLICY = "default-src 'self'; img-src 'self' blob:; style-src 'self'; worker-src 'self'; connect-src 'self'";

/** Nobody has to sign in. */
export const OWNER_SESSION: Static<typeof Session> = {
  ...{ kind: 'owner', name: 'owner', project: 'default', projects: [], csrfToken: '', permissions: [] },
};

export interface LabelServer extends AsyncDisposable {
  readonly url: string;
  readonly tasks: Map<string, StoredTask>;
  /** Every request of the page, as `PUT /api/v1/tasks/t1/draft`. */
  readonly requests: string[];
  /** While it is set, requests to the API are cut off without an answer. */
  cutOff: boolean;
  /** While it is set, requests to the API get this status. */
  failing: number | undefined;
  /** The mask that was submitted or kept as a draft. */
  mask(taskId: string): Uint8Array;
  cost(taskId: string): Cost | undefined;
}

export async function startLabelServer(tasks: readonly StoredTask[]): Promise<LabelServer> {
  const stored = new Map(tasks.map((task) => [task.task.taskId, task]));
  const http = createServer((request, response) => void serve(request, response));
  const server: LabelServer = {
    url: '',
    tasks: stored,
    requests: [],
    cutOff: false,
    failing: undefined,
    mask(taskId) {
      const { draft, task } = stored.get(taskId)!;
      if (!draft) throw new Error(`${taskId} has no draft`);
      return decodeMask(draft, task.window);
    },
    cost: (taskId) => stored.get(taskId)?.cost,
    async [Symbol.asyncDispose]() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://page');
    server.requests.push(`${request.method} ${pathname}`);
    if (!pathname.startsWith('/api/')) return sendFile(response, pathname);
    if (server.cutOff) return void request.socket.destroy();
    // Of a page that is closed in the middle of a request there is no body.
    const body = await bodyOf(request).catch(() => undefined);
    if (!body) return;
    if (server.failing) return send(response, problem(server.failing, 'Out of order', 'the store is away'));
    send(response, answer(request, pathname.slice('/api/v1'.length), body));
  }

  function answer(request: IncomingMessage, pathname: string, body: Buffer): Answer {
    if (pathname === '/session') return json(200, OWNER_SESSION);
    const [, , taskId = '', action = ''] = pathname.split('/');
    if (request.method === 'POST' && taskId === 'lease') return lease(JSON.parse(body.toString()));
    const found = stored.get(decodeURIComponent(taskId));
    if (!found) return problem(404, 'No such task', taskId);
    if (request.method === 'GET') return action ? picture(found, action) : json(200, found.task);
    return changeTask(found, action, request.headers['if-match'], body);
  }

  function lease({ annotator, taskId }: { annotator: string; taskId?: string }): Answer {
    const mine = [...stored.values()].filter(({ task }) => task.annotator === annotator);
    const free = [...stored.values()].filter(({ task }) => task.state === 'open');
    const found =
      [...mine.filter(({ task }) => task.state === 'leased'), ...free].find(({ task }) => task.taskId === taskId) ??
      mine.find(({ task }) => task.state === 'returned') ??
      free[0];
    if (!found) return { status: 204 };
    found.change({ state: 'leased', annotator, leaseExpiresAt: new Date(Date.now() + found.leaseMs).toISOString() });
    return json(200, { ...found.task, remaining: free.length } satisfies AnnotationTask);
  }

  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return Object.assign(server, { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/` });
}

function picture({ pictures, draft }: StoredTask, name: string): Answer {
  const bytes = name === 'draft' ? draft : pictures[name];
  return bytes ? { status: 200, type: 'image/png', body: Buffer.from(bytes) } : problem(404, 'No such picture', name);
}

export async function sendFile(response: ServerResponse, pathname: string): Promise<void> {
  const file = path.join(DIST, pathname === '/' ? 'index.html' : path.normalize(pathname));
  const body = await readFile(file).catch(() => undefined);
  if (!body) return send(response, problem(404, 'No such file', pathname));
  response.writeHead(200, {
    'content-type': TYPES[path.extname(file)] ?? 'text/plain',
    'content-security-policy': POLICY,
  });
  response.end(body);
}

export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

export function send(response: ServerResponse, { status, type, body }: Answer): void {
  response.writeHead(status, type ? { 'content-type': type } : {});
  response.end(body);
}

export function json(status: number, value: unknown): Answer {
  return { status, type: 'application/json', body: Buffer.from(JSON.stringify(value)) };
}

export function problem(status: number, title: string, detail: string): Answer {
  return { ...json(status, { title, status, detail }), type: 'application/problem+json' };
}
