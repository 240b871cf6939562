import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '../../services/label-tool/api-types.ts';
import { ROUTE_PERMISSIONS, routePermission } from '../../services/label-tool/server/route-permissions.ts';
import { type Browser, openBrowser } from '../support/browser.ts';
import { clientsOf, closedTo } from '../support/identities.ts';
import { CLIENT_ID, startOidcProvider, type TestProvider } from '../support/oidc-provider.ts';
import { startTestRegistry, type TestRegistry } from '../support/registry.ts';
import { importDataset, runCampaign, tinyDataset } from '../support/tiny-dataset.ts';
import { startTestLabelTool, type TestLabelTool } from './support/label-tool.ts';

const rolesClaim = 'cpral_roles';
let provider: TestProvider;
let registry: TestRegistry;
let tool: TestLabelTool;
let theirs: Readonly<Record<string, string>>;
let digest: string;

beforeAll(async () => {
  provider = await startOidcProvider();
  const { issuer } = provider;
  const identities = closedTo({ issuer, audiences: [CLIENT_ID], rolesClaim });
  registry = await startTestRegistry({ identities });
  registry.startWorkers();
  const sessionKey = Buffer.alloc(32, 7);
  const signIn = { issuer, rolesClaim, clientId: CLIENT_ID, clientSecret: undefined, publicUrl: undefined, sessionKey };
  tool = await startTestLabelTool(registry.address, { signIn });
  await provider.serve(new URL('sign-in/done', tool.url).href);

  const maps = clientsOf(registry.address, identities.adminKey, 'maps');
  const { datasetId } = await importDataset(maps.registry, tinyDataset());
  const { campaignId } = await runCampaign(maps.registry, datasetId, { cycles: 2 });
  maps.close();
  theirs = { datasetId, campaignId, modelId: `${campaignId}-0`, taskId: `${campaignId}/0`, cycle: '0' };
  const reader = await signedIn('reader', ['maps:viewer']);
  const detail = await (await reader.fetch(api(`/campaigns/${campaignId}`))).text();
  digest = /[0-9a-f]{64}/.exec(detail)?.[0] ?? (await pictureOf(reader, campaignId));
});
afterAll(async () => {
  await tool.close();
  await registry.close();
  await provider.close();
});

const api = (route: string) => new URL(`api/v1${route}`, tool.url).href;

async function pictureOf(reader: Browser, campaignId: string): Promise<string> {
  const selection = await (await reader.fetch(api(`/campaigns/${campaignId}/cycles/0/selection`))).text();
  return /[0-9a-f]{64}/.exec(selection)?.[0] ?? '';
}

async function signedIn(subject: string, roles: readonly string[]): Promise<Browser> {
  provider.nextPerson(subject, roles);
  const browser = openBrowser();
  await browser.fetch(new URL('sign-in', tool.url).href);
  return browser;
}

interface Session {
  readonly kind: string;
  readonly name: string;
  readonly project: string;
  readonly csrfToken: string;
}
const sessionOf = async (browser: Browser) => (await (await browser.fetch(api('/session'))).json()) as Session;
const problemOf = async (response: Response) => (await response.json()) as Problem;

function post(browser: Browser, route: string, body: unknown, csrfToken?: string): Promise<Response> {
  const headers = { 'content-type': 'application/json', ...(csrfToken ? { 'csrf-token': csrfToken } : {}) };
  return browser.fetch(api(route), { method: 'POST', headers, body: JSON.stringify(body) });
}

describe('signing in', () => {
  it('asks the provider with a proof, a state and a nonce', async () => {
    const response = await openBrowser().fetchOnce(new URL('sign-in', tool.url).href);
    const asked = new URL(response.headers.get('location') ?? '');
    expect(asked.origin).toBe(provider.issuer);
    const { searchParams } = asked;
    expect(searchParams.get('response_type')).toBe('code');
    expect(searchParams.get('code_challenge_method')).toBe('S256');
    for (const name of ['code_challenge', 'state', 'nonce']) expect(searchParams.get(name)?.length).toBeGreaterThan(40);
  });

  it('gives a session in a cookie that is sealed, and that no script and no other site gets', async () => {
    const browser = await signedIn('ada', ['maps:operator']);
    expect(await sessionOf(browser)).toMatchObject({ kind: 'person', name: 'Name of ada', project: 'maps' });
    const cookie = [...browser.cookies.values()].find((each) => each.startsWith('cpral=')) ?? '';
    expect(cookie).toMatch(/; HttpOnly/i);
    expect(cookie).toMatch(/; SameSite=Lax/i);
    expect(decodeURIComponent(cookie)).not.toContain('ada');
  });

  it.each([
    ['another state', (url: URL) => url.searchParams.set('state', 'x'.repeat(43))],
    ['a code that the provider did not give', (url: URL) => url.searchParams.set('code', 'x'.repeat(43))],
    ['another issuer', (url: URL) => url.searchParams.set('iss', 'http://127.0.0.1:1')],
    ['an error', (url: URL) => url.searchParams.set('error', 'access_denied')],
  ])('ends where the browser comes back with %s', async (_, change) => {
    provider.nextPerson('eve', ['maps:admin']);
    const browser = openBrowser();
    let at = new URL('sign-in', tool.url).href;
    while (!at.includes('/sign-in/done')) {
      const response = await browser.fetchOnce(at);
      at = new URL(response.headers.get('location') ?? '', at).href;
    }
    const changed = new URL(at);
    change(changed);
    const response = await browser.fetchOnce(changed.href);
    expect([response.status, (await problemOf(response)).reason]).toEqual([401, 'SIGN_IN_FAILED']);
    expect((await browser.fetch(api('/session'))).status).toBe(401);
  });

  it('is not finished in another browser than it was begun in', async () => {
    provider.nextPerson('eve', ['maps:admin']);
    const browser = openBrowser();
    let at = new URL('sign-in', tool.url).href;
    while (!at.includes('/sign-in/done'))
      at = new URL((await browser.fetchOnce(at)).headers.get('location') ?? '', at).href;
    expect((await openBrowser().fetchOnce(at)).status).toBe(401);
  });

  it('lasts until somebody signs out', async () => {
    const browser = await signedIn('ada', ['maps:operator']);
    const { csrfToken } = await sessionOf(browser);
    const out = new URL('sign-out', tool.url).href;
    expect((await browser.fetch(out, { method: 'POST', headers: { 'csrf-token': csrfToken } })).status).toBe(204);
    expect((await problemOf(await browser.fetch(api('/session')))).reason).toBe('NOT_SIGNED_IN');
  });

  it('is refused a cookie that was changed', async () => {
    const browser = await signedIn('ada', ['maps:operator']);
    const [cookie = ''] = [...browser.cookies.values()].filter((each) => each.startsWith('cpral='));
    const [value = ''] = cookie.split(';');
    const changed = value.replace(/.(?=.{20}$)/, (letter) => (letter === 'A' ? 'B' : 'A'));
    expect((await fetch(api('/session'), { headers: { cookie: changed } })).status).toBe(401);
  });
});

describe('a person', () => {
  it('changes nothing without the token of their session beside the cookie', async () => {
    const browser = await signedIn('ada', ['maps:operator']);
    const route = `/campaigns/${theirs.campaignId}/resume`;
    const body = { requestId: 'r1' };
    expect((await problemOf(await post(browser, route, body))).reason).toMatch(/^FST_CSRF/);
    const other = await sessionOf(await signedIn('eve', ['maps:operator']));
    expect((await problemOf(await post(browser, route, body, other.csrfToken))).reason).toMatch(/^FST_CSRF/);
    const { csrfToken } = await sessionOf(browser);
    expect((await post(browser, route, body, csrfToken)).status).not.toBe(403);
  });

  it('sees what their registry shows them, in their own name', async () => {
    const browser = await signedIn('ada', ['maps:viewer']);
    const { campaigns } = (await (await browser.fetch(api('/campaigns'))).json()) as { campaigns: unknown[] };
    expect(campaigns).toHaveLength(1);
    // Not what each annotator took for it: that is for reviewers.
    expect((await browser.fetch(api(`/campaigns/${theirs.campaignId}`))).status).toBe(200);
    expect((await browser.fetch(api(`/pictures/${digest}`))).status).toBe(200);
  });

  it('may do what their role has, and is told so of the rest', async () => {
    const annotator = await signedIn('ann', ['maps:annotator']);
    expect((await problemOf(await annotator.fetch(api('/campaigns')))).reason).toBe('NO_PERMISSION');
    const viewer = await signedIn('vic', ['maps:viewer']);
    const { csrfToken } = await sessionOf(viewer);
    const refused = await post(viewer, '/imports', { format: 'masks', displayName: 'x' }, csrfToken);
    expect((await problemOf(refused)).reason).toBe('NO_PERMISSION');
  });

  it('works in one project at a time, and goes to no other than their own', async () => {
    const browser = await signedIn('ada', ['maps:viewer', 'vision:viewer']);
    const { csrfToken } = await sessionOf(browser);
    expect((await post(browser, '/session/project', { project: 'vision' }, csrfToken)).status).toBe(204);
    expect((await sessionOf(browser)).project).toBe('vision');
    expect(await (await browser.fetch(api('/campaigns'))).json()).toMatchObject({ campaigns: [] });
    expect((await post(browser, '/session/project', { project: 'default' }, csrfToken)).status).toBe(403);
  });

  it('hears nothing more of a live list than they may see', async () => {
    const [own, stranger] = [await signedIn('ada', ['maps:viewer']), await signedIn('eve', ['vision:viewer'])];
    const heard = await Promise.all([own, stranger].map((browser) => firstEvents(browser)));
    expect(heard[0]).toContain(theirs.campaignId);
    expect(heard[1]).not.toContain('maps');
  });
});

/** What a live list tells until the summary of the work has come. */
async function firstEvents(browser: Browser): Promise<string> {
  const response = await browser.fetch(api('/events'));
  let text = '';
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += Buffer.from(chunk).toString();
    if (text.includes('event: work')) break;
  }
  return text;
}

const ROUTES = Object.keys(ROUTE_PERMISSIONS).map((route) => route.split(' ') as [string, string]);
const apiRoutes = ROUTES.filter(([, url]) => url.startsWith('/api/v1/'));
const closedRoutes = apiRoutes.filter(([method, url]) => routePermission(method, url) !== 'anybody');

describe('every route', () => {
  it('is in the table: one that is not keeps the server from starting', async () => {
    const { openapi, paths } = (await (await fetch(api('/openapi.json'))).json()) as {
      openapi: string;
      paths: Record<string, Record<string, unknown>>;
    };
    expect(openapi).toMatch(/^3/);
    const documented = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
    );
    expect(documented.length).toBeGreaterThan(35);
    expect(documented.filter((route) => !(route in ROUTE_PERMISSIONS))).toEqual([]);
  });

  it.each(closedRoutes)('%s %s is for those alone who are signed in', async (method, url) => {
    const response = await fetch(new URL(url.replaceAll(/:\w+/g, 'x'), tool.url), { method });
    expect([response.status, (await problemOf(response)).reason]).toEqual([401, 'NOT_SIGNED_IN']);
  });

  it.each(closedRoutes)('%s %s says of another project’s what it says of what is not there', async (method, url) => {
    const stranger = await signedIn('eve', ['vision:admin']);
    const { csrfToken } = await sessionOf(stranger);
    const answers = [];
    for (const names of [{ ...theirs, digest }, ghosts()]) {
      const route = url.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(names[name] ?? 'x'));
      const query =
        method === 'GET' && /\/(work|models|tasks|costs|suspicious|annotators)/.test(url)
          ? `?campaignId=${names.campaignId}`
          : '';
      const sized = url.includes('/maps/') ? '?height=2&width=2' : query;
      const response = await stranger.fetch(new URL(route + sized, tool.url).href, {
        method,
        headers: {
          'csrf-token': csrfToken,
          'if-match': '*',
          ...(method === 'GET' || method === 'DELETE' ? {} : { 'content-type': 'application/json' }),
        },
        ...(method === 'GET' || method === 'DELETE' ? {} : { body: '{"requestId":"r"}' }),
        signal: AbortSignal.timeout(10_000),
      });
      const isStream = response.headers.get('content-type') === 'text/event-stream';
      if (isStream) await response.body?.cancel();
      const text = isStream ? 'a stream' : await response.text();
      answers.push([response.status, masked(text, names)]);
    }
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]?.[1]).not.toContain('maps');
  });
});

const ghosts = (): Record<string, string> => ({
  ...Object.fromEntries(Object.entries(theirs).map(([name, id]) => [name, id.replace(/[0-9a-f]{4}/, 'ffff')])),
  digest: '0'.repeat(64),
});

function masked(text: string, names: Readonly<Record<string, string>>): string {
  const long = Object.values(names).filter((name) => name.length > 3);
  return long
    .flatMap((name) => [name, encodeURIComponent(name)])
    .sort((a, b) => b.length - a.length)
    .reduce((found, name) => found.replaceAll(name, '<name>'), text)
    .replaceAll(/"csrfToken":"[^"]*"/g, '');
}
