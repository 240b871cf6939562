// Signing in and out. A session is a sealed cookie that no script can read; whatever changes something needs a token beside it, which a page of
// another origin cannot have.
import csrf from '@fastify/csrf-protection';
import secureSession from '@fastify/secure-session';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { systemClock } from '../../shared/clock.ts';
import { CpralError } from '../../shared/errors.ts';
import type { ToolServer } from '../server/routes.ts';
import { oidcClient, type SignedIn, type SignInUnderWay } from './oidc-client.ts';
import type { Person } from './person.ts';
import type { SignInConfig } from './sign-in-config.ts';

export const SIGN_IN = '/sign-in';
export const SIGN_IN_DONE = '/sign-in/done';
export const SIGN_OUT = '/sign-out';
/** Who needs longer starts again. */
const SIGN_IN_LIMIT_MS = 10 * 60_000;
/** Browsers take no larger cookie. */
const MAX_COOKIE = 4_096;

declare module '@fastify/secure-session' {
  interface SessionData {
    underWay: SignInUnderWay;
    person: Person;
  }
}

export async function addSignIn(server: ToolServer, config: SignInConfig): Promise<void> {
  const provider = oidcClient(config);
  const isSecure = config.publicUrl !== undefined;
  await server.register(secureSession, {
    key: config.sessionKey,
    // The mark binds it to this host, and to encryption.
    cookieName: isSecure ? '__Host-cpral' : 'cpral',
    cookie: { path: '/', httpOnly: true, secure: isSecure, sameSite: 'lax' },
  });
  await server.register(csrf, {
    sessionPlugin: '@fastify/secure-session',
    getToken: ({ headers }) => headers['csrf-token'] as string,
  });
  const baseOf = ({ host }: FastifyRequest) => config.publicUrl ?? `http://${host}/`;

  server.get(SIGN_IN, { schema: { hide: true } }, async (request, reply) => {
    const redirectUri = new URL(SIGN_IN_DONE.slice(1), baseOf(request)).href;
    const { url, underWay } = await provider.begin(redirectUri, systemClock.now());
    request.session.set('underWay', underWay);
    return reply.header('cache-control', 'no-store').redirect(url.href);
  });

  server.get(SIGN_IN_DONE, { schema: { hide: true } }, async (request, reply) => {
    const underWay = request.session.get('underWay');
    if (!underWay || systemClock.now() - underWay.startedAtMs > SIGN_IN_LIMIT_MS) {
      throw new CpralError('UNAUTHENTICATED', 'no sign-in is under way: begin again', { reason: 'SIGN_IN_FAILED' });
    }
    const answered = new URL(request.url, baseOf(request));
    const signedIn = await provider.finish(new URL(SIGN_IN_DONE.slice(1) + answered.search, baseOf(request)), underWay);
    keep(request, signedIn);
    return reply.header('cache-control', 'no-store').redirect(new URL('.', baseOf(request)).href);
  });

  server.post(SIGN_OUT, { schema: { hide: true } }, async (request, reply) => {
    request.session.delete();
    return reply.code(204).send(null);
  });
}

/** Nothing of the time before stays in the session: whoever had a hold of it then has none now. */
function keep(request: FastifyRequest, signedIn: SignedIn): void {
  request.session.regenerate();
  const person: Person = { ...signedIn, project: firstProject(signedIn) };
  if (JSON.stringify(person).length > (MAX_COOKIE * 2) / 3) {
    throw new CpralError(
      'FAILED_PRECONDITION',
      'the provider’s token is too large for a cookie: give it fewer claims',
      {
        reason: 'TOKEN_TOO_LARGE',
      },
    );
  }
  request.session.set('person', person);
}

/** Where somebody begins; they may go on to another. */
function firstProject({ grants }: SignedIn): string {
  const projects = grants.map(({ project }) => project).sort();
  return projects.includes('*') || projects.includes('default') ? 'default' : (projects[0] ?? 'default');
}

/** @throws UNAUTHENTICATED where nobody is signed in, or not any more */
export function requirePerson(request: FastifyRequest): Person {
  const person = request.session.get('person');
  if (person && person.expiresAtMs > systemClock.now()) return person;
  throw new CpralError('UNAUTHENTICATED', `sign in at ${SIGN_IN}`, { reason: 'NOT_SIGNED_IN' });
}

/** Refuses with 403 where the token of the session is not beside it. */
export function requireCsrf(server: ToolServer, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  return new Promise((resolve, reject) => {
    const send = reply.send.bind(reply);
    // It answers by itself where the token is missing; as an error it goes the way of all refusals.
    reply.send = ((error: Error) => {
      reply.send = send;
      reject(error);
      return reply;
    }) as typeof reply.send;
    server.csrfProtection(request, reply, () => {
      reply.send = send;
      resolve();
    });
  });
}
