// What a browser may do with this server: nothing from elsewhere, nothing for elsewhere. There are no cookies and no sign-in, so whoever reaches
// the address may do everything; what must be kept out is a page of another origin in the browser of somebody who reaches it.
//   - A request that changes something must not come from another origin: Sec-Fetch-Site, or Origin where a browser is too old for it.
//     Programs send neither and are let through: they could send what they like.
//   - A name that somebody else's DNS points at the loopback makes their page "same origin": on the loopback only its own names are served.
import helmet from '@fastify/helmet';
import type { FastifyRequest } from 'fastify';
import { CpralError } from '../../shared/errors.ts';
import type { ToolServer } from './routes.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);
const OWN_SITES = new Set(['same-origin', 'none']);
const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

const POLICY = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'", 'blob:'],
  connectSrc: ["'self'"],
  workerSrc: ["'self'"],
  fontSrc: ["'self'"],
  manifestSrc: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
};

export interface SecurityOptions {
  /** Whether it listens on the loopback alone. */
  readonly onLoopback: boolean;
  /** Names that it is reached by; empty: any, but on the loopback only the loopback's. */
  readonly hosts: readonly string[];
}

export async function addSecurity(server: ToolServer, options: SecurityOptions): Promise<void> {
  server.addHook('onRequest', async (request) => {
    checkHost(request, options);
    checkOrigin(request);
  });
  await server.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: POLICY },
    // Whether the address is encrypted is decided in front of this server.
    strictTransportSecurity: false,
  });
}

function checkHost({ host = '' }: Pick<FastifyRequest, 'host'>, { onLoopback, hosts }: SecurityOptions): void {
  const name = host.replace(/:\d+$/, '').toLowerCase();
  if (hosts.includes(name)) return;
  if (onLoopback ? LOOPBACK_HOST.test(name) : hosts.length === 0) return;
  throw new CpralError('PERMISSION_DENIED', `Host: this server is not called "${name.slice(0, 100)}"`, {
    field: 'Host',
    reason: 'OTHER_HOST',
  });
}

function checkOrigin({ method, headers, host }: Pick<FastifyRequest, 'method' | 'headers' | 'host'>): void {
  if (SAFE_METHODS.has(method)) return;
  const { origin, 'sec-fetch-site': site } = headers;
  if (typeof site === 'string') {
    if (OWN_SITES.has(site)) return;
  } else if (origin === undefined || hostOf(origin) === host) {
    return;
  }
  throw new CpralError('PERMISSION_DENIED', 'a page of another origin may change nothing here', {
    field: 'Origin',
    reason: 'OTHER_ORIGIN',
  });
}

/** Schemes are not compared: encryption may end in front of this server. */
function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
