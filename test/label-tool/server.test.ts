import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { credentials } from '@grpc/grpc-js';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLabelTool } from '../../services/label-tool/service.ts';
import { startTestRegistry, type TestRegistry } from '../support/registry.ts';
import { silent } from '../support/silent.ts';
import { startTestLabelTool, type TestLabelTool } from './support/label-tool.ts';

let registry: TestRegistry;
let tool: TestLabelTool;
let pageFolder: string;

beforeAll(async () => {
  registry = await startTestRegistry();
  pageFolder = await mkdtemp(path.join(tmpdir(), 'cpral-page-'));
  await mkdir(path.join(pageFolder, 'assets'));
  await writeFile(path.join(pageFolder, 'index.html'), '<!doctype html><title>page</title>');
  await writeFile(path.join(pageFolder, 'assets/main-abc.js'), 'export {};');
  tool = await startTestLabelTool(registry.address, { pageFolder });
});
afterAll(async () => {
  await tool.close();
  await registry.close();
  await rm(pageFolder, { recursive: true });
});

describe('the page', () => {
  it('is served with a policy that lets nothing in from elsewhere', async () => {
    const response = await fetch(tool.url);
    expect(await response.text()).toContain('<title>page</title>');
    expect(response.headers.get('cache-control')).toBe('no-cache');
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('cross-origin-resource-policy')).toBe('same-origin');
  });

  it('keeps files with a digest in their name for ever', async () => {
    const response = await fetch(new URL('assets/main-abc.js', tool.url));
    expect(response.headers.get('content-type')).toMatch(/^(text|application)\/javascript/);
    expect(response.headers.get('cache-control')).toContain('immutable');
  });

  it.each([
    '..%2fpackage.json',
    '%2e%2e/package.json',
    'assets/..%2f..%2f..%2fetc/passwd',
    'nothing.js',
    'api/v1/nothing',
  ])('has nothing at %s', async (file) => {
    const response = await fetch(new URL(tool.url + file));
    expect([400, 403, 404]).toContain(response.status);
    expect(await response.text()).not.toContain('root:');
  });
});

describe('a change that a page of another origin asks for', () => {
  const json = { format: 'masks', displayName: 'X' };
  const begin = (headers: Record<string, string>) =>
    raw('POST', '/api/v1/imports', { 'content-type': 'application/json', ...headers }, JSON.stringify(json));

  it.each([
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site', origin: 'http://127.0.0.1:1' },
    { origin: 'http://evil.example' },
    { origin: 'null' },
  ])('is refused: %j', async (headers) => {
    const { status, body } = await begin(headers);
    expect(status).toBe(403);
    expect(JSON.parse(body)).toMatchObject({ reason: 'OTHER_ORIGIN' });
  });

  it('is let through from its own, and from programs', async () => {
    const { host } = new URL(tool.url);
    for (const headers of [{ 'sec-fetch-site': 'same-origin' }, { origin: `http://${host}` }, {}]) {
      const { status, body } = await begin(headers as Record<string, string>);
      expect(status).toBe(201);
      expect((await tool.ask(`/imports/${JSON.parse(body).importId}`, { method: 'DELETE' })).status).toBe(204);
    }
  });

  it('is refused under a name that somebody else gave to the loopback', async () => {
    const { status, body } = await raw('GET', '/api/v1/campaigns', { host: 'evil.example:80' });
    expect(status).toBe(403);
    expect(JSON.parse(body)).toMatchObject({ reason: 'OTHER_HOST' });
  });
});

describe('what is not as expected', () => {
  it.each([
    ['not JSON', 'application/json', '{', 400],
    ['a prototype', 'application/json', '{"__proto__": {"x": 1}, "requestId": "r"}', 400],
    ['no content type that is known', 'text/xml', '<a/>', 415],
    ['more than a body may hold', 'application/json', `{"requestId": "${'x'.repeat(2 << 20)}"}`, 413],
  ])('%s is a problem document', async (_, type, body, status) => {
    const answer = await raw('POST', '/api/v1/work/redrive', { 'content-type': type }, body);
    expect(answer.status).toBe(status);
    expect(answer.type).toMatch(/^application\/problem\+json/);
    expect(JSON.parse(answer.body)).toMatchObject({ status });
  });

  it('an id that is longer than any is refused', async () => {
    expect((await tool.ask(`/campaigns/${'x'.repeat(2_000)}`)).status).toBeGreaterThanOrEqual(400);
  });

  it('a registry that is away is a 503 without its address', async () => {
    const alone = await startTestLabelTool('127.0.0.1:1');
    try {
      const refusal = await alone.refusal('/campaigns');
      expect(refusal).toMatchObject({ status: 503, detail: 'The registry does not answer, or not as expected.' });
      expect(JSON.stringify(refusal)).not.toContain('127.0.0.1');
    } finally {
      await alone.close();
    }
  });
});

describe('the OpenAPI document', () => {
  it('is valid, and has the routes that there are', async () => {
    const document = await tool.get<{
      paths: Record<string, Record<string, { responses: Record<string, object>; summary?: string }>>;
    }>('/openapi.json');
    const { valid, errors } = await new Validator().validate(JSON.parse(JSON.stringify(document)));
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
    const operations = Object.entries(document.paths).flatMap(([route, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ route, method, operation })),
    );
    expect(operations.length).toBeGreaterThan(20);
    for (const { route, method, operation } of operations) {
      expect(operation.summary, `${method} ${route}`).toBeTruthy();
      expect(Object.keys(operation.responses), `${method} ${route}`).toContain('4XX');
      const address = route.replaceAll(/\{\w+\}/g, 'x').replace('/cycles/x/', '/cycles/0/');
      const { status, body } = await raw(
        method.toUpperCase(),
        address,
        { 'content-type': 'application/json', accept: '*/*' },
        method === 'get' ? undefined : '{',
        200,
      );
      // Its own refusals are welcome; "nothing is here" is not.
      expect(body, `${method} ${route} ${status}`).not.toContain('there is nothing at');
    }
  });
});

describe('stopping', () => {
  it('ends open streams at once, and gives the port back', async () => {
    const options = {
      registryAddress: registry.address,
      credentials: credentials.createInsecure(),
      uploadFolder: tool.folder,
      log: silent,
    };
    const first = await startLabelTool({ ...options, listen: '127.0.0.1:0' });
    const response = await fetch(new URL('api/v1/events', first.url));
    const reader = response.body!.getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe(': open\n\n');
    const closed = first.close();
    for (;;) if ((await reader.read()).done) break;
    await closed;
    const second = await startLabelTool({ ...options, listen: new URL(first.url).host });
    await second.close();
  });

  it('a port that is taken is said, and nothing is left open', async () => {
    const options = {
      registryAddress: registry.address,
      credentials: credentials.createInsecure(),
      uploadFolder: tool.folder,
      log: silent,
    };
    await expect(startLabelTool({ ...options, listen: new URL(tool.url).host })).rejects.toThrow(
      'the label tool cannot listen on 127.0.0.1:',
    );
  });
});

/** As fetch would not send it. @param enoughBytes of an answer that does not end */
function raw(
  method: string,
  route: string,
  headers: Record<string, string>,
  body?: string,
  enoughBytes = Infinity,
): Promise<{ status: number; type: string; body: string }> {
  const { hostname, port } = new URL(tool.url);
  return new Promise((resolve, reject) => {
    const request = httpRequest({ hostname, port, method, path: route, headers, agent: false }, (response) => {
      let text = '';
      const done = () =>
        resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'] ?? '', body: text });
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        if (text.length < enoughBytes && response.headers['content-type'] !== 'text/event-stream') return;
        done();
        request.destroy();
      });
      response.on('end', done).on('error', () => {});
    });
    request.on('error', (cause) => reject(new Error(`${method} ${route}`, { cause })));
    request.end(body);
  });
}
