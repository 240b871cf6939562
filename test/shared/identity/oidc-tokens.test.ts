import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CpralError } from '../../../services/shared/errors.ts';
import { grantsIn, oidcTokens } from '../../../services/shared/identity/oidc-tokens.ts';

const rolesClaim = 'cpral_roles';
const AUDIENCE = 'cpral';
const server = createServer();
/** What the provider has at its address of keys. */
let published: JWK[] = [];
let issuer: string;
let asked = 0;
let isAway = false;

type Pair = Awaited<ReturnType<typeof generateKeyPair>>;
let first: Pair;
let second: Pair;

const publicKey = async ({ publicKey }: Pair, kid: string, alg = 'ES256') => ({
  ...(await exportJWK(publicKey)),
  ...{ kid, alg, use: 'sig' },
});

beforeAll(async () => {
  server.on('request', (request, response) => {
    if (isAway) return void response.writeHead(503).end();
    response.setHeader('content-type', 'application/json');
    if (request.url === '/keys') asked++;
    const body = request.url === '/keys' ? { keys: published } : { issuer, jwks_uri: `${issuer}/keys` };
    response.end(JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  first = await generateKeyPair('ES256', { extractable: true });
  second = await generateKeyPair('ES256', { extractable: true });
  published = [await publicKey(first, 'first')];
});
afterAll(() => server.close());

interface Written {
  readonly pair?: Pair;
  readonly kid?: string;
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** A token that is believed, but for what is changed. */
function token({ pair = first, kid = 'first', claims = {} }: Written = {}): Promise<string> {
  const payload = {
    sub: 'ada',
    iss: issuer,
    aud: AUDIENCE,
    exp: inSeconds(300),
    [rolesClaim]: ['maps:viewer'],
    ...claims,
  };
  return new SignJWT(payload).setProtectedHeader({ alg: 'ES256', kid }).sign(pair.privateKey);
}

const inSeconds = (seconds: number) => Math.floor(Date.now() / 1_000) + seconds;
const believe = () => oidcTokens({ issuer, audiences: ['other', AUDIENCE], rolesClaim }, { cooldownMs: 0 });
const refusal = (checked: Promise<unknown>) =>
  checked.then(
    () => 'believed',
    ({ code, reason }: CpralError) => `${code} ${reason}`,
  );

describe('a token', () => {
  it('of the provider says who calls, with which roles', async () => {
    expect(await believe()(await token())).toEqual({
      ...{ kind: 'person', subject: 'ada', grants: [{ project: 'maps', role: 'viewer' }] },
    });
  });

  it.each<[string, Record<string, unknown>]>([
    ['of another issuer', { iss: 'http://127.0.0.1:1' }],
    ['for another audience', { aud: 'somebody-else' }],
    ['for nobody', { aud: undefined }],
    ['without a subject', { sub: undefined }],
    ['with an empty subject', { sub: '' }],
    ['without an end', { exp: undefined }],
    ['that is not valid yet', { nbf: inSeconds(600) }],
  ])('%s is refused', async (_, claims) => {
    expect(await refusal(believe()(await token({ claims })))).toBe('UNAUTHENTICATED TOKEN_REFUSED');
  });

  it('is believed for half a minute beyond its end, since clocks differ, and no longer', async () => {
    expect(await refusal(believe()(await token({ claims: { exp: inSeconds(-10) } })))).toBe('believed');
    const late = await token({ claims: { exp: inSeconds(-60) } });
    expect(await refusal(believe()(late))).toBe('UNAUTHENTICATED TOKEN_EXPIRED');
  });

  it('signed by a key that is not the provider’s is refused', async () => {
    expect(await refusal(believe()(await token({ pair: second })))).toBe('UNAUTHENTICATED TOKEN_REFUSED');
  });

  it.each([
    ['not signed', (head: string, body: string) => `${head}.${body}.`, { alg: 'none' }],
    ['signed with what everybody knows', hmac, { alg: 'HS256', kid: 'first' }],
  ])('%s is refused', async (_, sign, header) => {
    const [, body = ''] = (await token()).split('.');
    const head = Buffer.from(JSON.stringify(header)).toString('base64url');
    expect(await refusal(believe()(await sign(head, body)))).toBe('UNAUTHENTICATED TOKEN_REFUSED');
  });

  it.each(['', 'a', 'a.b.c', '....', `${'a'.repeat(20_000)}`, 'eyJhbGciOiJFUzI1NiJ9.e30.AA'])(
    'of no form (%#) is refused',
    async (text) => {
      expect(await refusal(believe()(text))).toBe('UNAUTHENTICATED TOKEN_REFUSED');
    },
  );

  it('is refused in words that do not repeat it', async () => {
    const text = await token({ claims: { aud: 'somebody-else' } });
    const error = (await believe()(text).catch((cause: unknown) => cause)) as CpralError;
    expect(error.message).not.toContain(text.slice(0, 20));
    expect(error.message).not.toContain('somebody-else');
  });
});

describe('the keys of the provider', () => {
  it('are asked for once, and again where a token names one that is new', async () => {
    const check = believe();
    asked = 0;
    await check(await token());
    await check(await token());
    expect(asked).toBe(1);
    published = [await publicKey(second, 'second')];
    const rotated = await token({ pair: second, kid: 'second' });
    expect(await refusal(check(rotated))).toBe('believed');
    expect(asked).toBe(2);
    expect(await refusal(check(await token()))).toBe('UNAUTHENTICATED TOKEN_REFUSED');
    published = [await publicKey(first, 'first')];
  });

  it('that cannot be had are an outage, and no refusal; and they are asked for again', async () => {
    const check = believe();
    isAway = true;
    expect(await refusal(check(await token()))).toBe('UNAVAILABLE IDENTITY_PROVIDER_UNAVAILABLE');
    isAway = false;
    expect(await refusal(check(await token()))).toBe('believed');
  });

  it('of a document of another issuer are not asked for', async () => {
    const elsewhere = issuer.replace('127.0.0.1', 'localhost');
    const check = oidcTokens({ issuer: elsewhere, audiences: [AUDIENCE], rolesClaim });
    expect(await refusal(check(await token({ claims: { iss: elsewhere } })))).toMatch(/^UNAVAILABLE/);
  });
});

describe('the claim with the roles', () => {
  it.each([
    [
      ['maps:viewer', '*:admin'],
      [
        ['maps', 'viewer'],
        ['*', 'admin'],
      ],
    ],
    [
      'maps:viewer vision:operator',
      [
        ['maps', 'viewer'],
        ['vision', 'operator'],
      ],
    ],
    [['maps:worker', 'maps:king', 'maps', ':', 'Maps:viewer', 'a_b:viewer', 'maps:toString', 7, null, {}], []],
    [undefined, []],
    [{ maps: 'admin' }, []],
  ])('%j gives %j', (claim, expected) => {
    expect(grantsIn(claim).map(({ project, role }) => [project, role])).toEqual(expected);
  });

  it('gives no more than 200 roles', () => {
    expect(grantsIn(Array.from({ length: 1_000 }, () => 'maps:viewer'))).toHaveLength(200);
  });
});

/** As a client would who takes the public key for a shared secret. */
async function hmac(head: string, body: string): Promise<string> {
  const { createHmac } = await import('node:crypto');
  const secret = JSON.stringify(await publicKey(first, 'first'));
  return `${head}.${body}.${createHmac('sha256', secret).update(`${head}.${body}`).digest('base64url')}`;
}
