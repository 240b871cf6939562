// The label tool before a real registry, and a client that asks it as a browser does.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { credentials } from '@grpc/grpc-js';
import type { Problem } from '../../../services/label-tool/api-types.ts';
import type { SignInConfig } from '../../../services/label-tool/people/sign-in-config.ts';
import { startLabelTool } from '../../../services/label-tool/service.ts';
import { silent } from '../../support/silent.ts';

export interface TestLabelTool {
  readonly url: string;
  /** Of uploads. */
  readonly folder: string;
  /** Asks under /api/v1. */
  ask(route: string, options?: AskOptions): Promise<Response>;
  /** @returns the body of a success; fails the test on a refusal */
  get<Body>(route: string): Promise<Body>;
  post<Body>(route: string, body: unknown, headers?: Record<string, string>): Promise<Body>;
  /** @returns the problem of a refusal; fails the test on a success */
  refusal(route: string, options?: AskOptions): Promise<Problem>;
  close(): Promise<void>;
}

export interface AskOptions {
  readonly method?: string;
  readonly json?: unknown;
  readonly body?: string | Uint8Array<ArrayBuffer> | FormData;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
}

export async function startTestLabelTool(
  registryAddress: string,
  options: { pageFolder?: string; signIn?: SignInConfig } = {},
): Promise<TestLabelTool> {
  const folder = await mkdtemp(path.join(tmpdir(), 'cpral-label-tool-'));
  const tool = await startLabelTool({
    listen: '127.0.0.1:0',
    registryAddress,
    credentials: credentials.createInsecure(),
    uploadFolder: folder,
    log: silent,
    ...options,
  });

  async function ask(route: string, { method, json, body, headers = {}, signal }: AskOptions = {}): Promise<Response> {
    const content = json === undefined ? body : JSON.stringify(json);
    return fetch(new URL(`api/v1${route}`, tool.url), {
      method: method ?? (content === undefined ? 'GET' : 'POST'),
      headers: { ...(json === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(content === undefined ? {} : { body: content }),
      ...(signal ? { signal } : {}),
    });
  }
  const success = async <Body>(response: Response): Promise<Body> => {
    if (response.ok) return (await response.json()) as Body;
    throw new Error(`${response.url}: ${response.status} ${await response.text()}`);
  };
  return {
    url: tool.url,
    folder,
    ask,
    get: async (route) => success(await ask(route)),
    post: async (route, json, headers = {}) => success(await ask(route, { json, headers })),
    async refusal(route, options) {
      const response = await ask(route, options);
      const text = await response.text();
      if (response.ok) throw new Error(`${route}: expected a refusal, got ${response.status} ${text}`);
      if (!response.headers.get('content-type')?.startsWith('application/problem+json'))
        throw new Error(`no problem document: ${text}`);
      return JSON.parse(text);
    },
    async close() {
      await tool.close();
      await rm(folder, { recursive: true });
    },
  };
}
