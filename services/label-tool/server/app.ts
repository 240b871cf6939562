// The HTTP server: its plugins, its routes under /api/v1, and the page's files beside them.
import multipart from '@fastify/multipart';
import swagger from '@fastify/swagger';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify, { type FastifyBaseLogger, LogController } from 'fastify';
import { CpralError } from '../../shared/errors.ts';
import { httpRequestSeconds } from '../../shared/telemetry/metrics.ts';
import type { ToolContext } from '../context.ts';
import type { SignInConfig } from '../people/sign-in-config.ts';
import { API } from '../pictures/addresses.ts';
import { campaignFormRoutes } from '../routes/campaign-form.ts';
import { campaignRoutes } from '../routes/campaigns.ts';
import { importRoutes } from '../routes/imports.ts';
import { pictureRoutes } from '../routes/pictures.ts';
import { reviewRoutes } from '../routes/reviews.ts';
import { sessionRoutes } from '../routes/session.ts';
import { taskRoutes } from '../routes/tasks.ts';
import { workRoutes } from '../routes/work.ts';
import { addAuthorization } from './authorize.ts';
import { addPageFiles } from './page-files.ts';
import { sendProblem } from './problems.ts';
import type { ToolServer } from './routes.ts';
import { addSecurity, type SecurityOptions } from './security.ts';
import { validatorCompiler } from './validator.ts';

const ROUTES = [
  sessionRoutes,
  campaignRoutes,
  campaignFormRoutes,
  pictureRoutes,
  workRoutes,
  importRoutes,
  taskRoutes,
  reviewRoutes,
];

/** Of JSON; pictures and files have limits of their own. */
const MAX_BODY_BYTES = 1 << 20;
const REQUEST_TIMEOUT_MS = 30_000;
const MAX_PARAM_LENGTH = 1_024;

export interface AppOptions extends SecurityOptions {
  /** Undefined: whoever comes is the owner. */
  readonly signIn: SignInConfig | undefined;
  /** Of the page's files; undefined where they were not built. */
  readonly pageFolder: string | undefined;
}

export async function createApp(
  context: ToolContext,
  { pageFolder, signIn, ...security }: AppOptions,
): Promise<ToolServer> {
  const server: ToolServer = fastify({
    loggerInstance: context.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: MAX_BODY_BYTES,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    // Of headers; an upload may take as long as it likes.
    connectionTimeout: 0,
    http: { headersTimeout: REQUEST_TIMEOUT_MS, requestTimeout: 0 },
    return503OnClosing: true,
    forceCloseConnections: 'idle',
  }).withTypeProvider<TypeBoxTypeProvider>();
  server.setValidatorCompiler(validatorCompiler());
  server.setErrorHandler((error: Error, request, reply) => sendProblem(error, request, reply));
  const unbuilt = pageFolder === undefined ? '; the page is not built: npm run build:page' : '';
  server.setNotFoundHandler((request, reply) =>
    sendProblem(
      new CpralError('NOT_FOUND', `there is nothing at ${request.method} ${request.url.slice(0, 200)}${unbuilt}`),
      request,
      reply,
    ),
  );
  await addSecurity(server, security);
  await addAuthorization(server, signIn);
  server.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    httpRequestSeconds.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1_000);
    request.log.debug(
      { method: request.method, route, status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
      'answered',
    );
  });
  await server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'CPRAL label tool',
        description: 'What the labelling page and the dashboard ask for. Refusals are problem documents (RFC 9457).',
        version: '1',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
    },
  });
  await server.register(multipart, { preservePath: true });
  await server.register(
    async (api) => {
      api.addHook('onSend', async (_, reply) => {
        if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
      });
      for (const addRoutes of ROUTES) addRoutes(api as unknown as ToolServer, context);
      api.get('/openapi.json', { schema: { hide: true } }, () => server.swagger());
    },
    { prefix: API },
  );
  if (pageFolder) await addPageFiles(server, pageFolder);
  await server.ready();
  return server;
}
