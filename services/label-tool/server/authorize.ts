// Before any route: who comes, and whether the route is for them. Without a sign-in whoever reaches the address is the owner.
import type { FastifyRequest } from 'fastify';
import { assert, CpralError } from '../../shared/errors.ts';
import { asPerson, callerOf, type Person } from '../people/person.ts';
import { addSignIn, requireCsrf, requirePerson } from '../people/sign-in.ts';
import type { SignInConfig } from '../people/sign-in-config.ts';
import { routePermission } from './route-permissions.ts';
import type { ToolServer } from './routes.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);
/** Asked for by a beacon, which has no headers. A foreign page's would come without the cookie, and it only gives a task back. */
const WITHOUT_CSRF = new Set(['/api/v1/tasks/:taskId/release']);

declare module 'fastify' {
  interface FastifyRequest {
    person: Person | undefined;
  }
}

/** @param signIn undefined: nobody is asked who they are */
export async function addAuthorization(server: ToolServer, signIn: SignInConfig | undefined): Promise<void> {
  server.addHook('onRoute', ({ method, url }) => {
    for (const each of [method].flat())
      assert(routePermission(each, url) !== undefined, `${each} ${url} is in the table of permissions`);
  });
  server.decorateRequest('person', undefined);
  if (!signIn) return;
  await addSignIn(server, signIn);
  server.addHook('onRequest', async (request, reply) => {
    const { url } = request.routeOptions;
    // Nothing is there: whoever asks is told so.
    if (url === undefined) return;
    const permission = routePermission(request.method, url);
    if (permission === 'anybody') return;
    const person = requirePerson(request);
    if (permission === undefined || !callerOf(person).permissions.has(permission)) throw notAllowed(request);
    if (!SAFE_METHODS.has(request.method) && !WITHOUT_CSRF.has(url)) await requireCsrf(server, request, reply);
    request.person = person;
  });
  server.addHook('preHandler', (request, _reply, done) => {
    if (request.person) asPerson(request.person, done);
    else done();
  });
}

function notAllowed({ method, routeOptions }: FastifyRequest): CpralError {
  return new CpralError('PERMISSION_DENIED', `${method} ${routeOptions.url}: your role does not have it`, {
    reason: 'NO_PERMISSION',
  });
}
