// Metrics over HTTP: GET /metrics, and nothing else. No login: the address is for the inside of a cluster.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { CpralError } from '../errors.ts';
import { allMetrics, exposeMetrics, METRICS_CONTENT_TYPE } from './metrics.ts';

const MAX_CONNECTIONS = 32;
const REQUEST_TIMEOUT_MS = 30_000;

export interface MetricsServer {
  /** host:port, with the port that was chosen where 0 was asked for. */
  readonly address: string;
  close(): Promise<void>;
}

/** @param listen host:port */
export async function serveMetrics(listen: string): Promise<MetricsServer> {
  const hide = exposeMetrics(defaultMetrics());
  let collecting: Promise<string> | undefined;
  /** Whoever asks while somebody is being answered gets the same answer. */
  const collect = () => {
    collecting ??= allMetrics().finally(() => {
      collecting = undefined;
    });
    return collecting;
  };
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, async (request, response) => {
    if (request.url !== '/metrics') return void response.writeHead(404).end();
    if (request.method !== 'GET') return void response.writeHead(405, { allow: 'GET' }).end();
    const text = await collect().catch(() => undefined);
    if (text === undefined) return void response.writeHead(500).end();
    response.writeHead(200, { 'content-type': METRICS_CONTENT_TYPE }).end(text);
  });
  server.maxConnections = MAX_CONNECTIONS;
  const [, host = '', port] = /^(.*):(\d+)$/.exec(listen) ?? [];
  server.listen(Number(port), host.replace(/^\[(.*)\]$/, '$1'));
  await once(server, 'listening').catch((cause: Error) => {
    hide();
    const message = `CPRAL_METRICS_LISTEN: cannot listen on ${listen}: ${cause.message}`;
    throw new CpralError('UNAVAILABLE', message, { field: 'CPRAL_METRICS_LISTEN', cause });
  });
  return {
    address: `${host}:${(server.address() as AddressInfo).port}`,
    async close() {
      hide();
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Memory, processor, event loop, garbage collection. */
function defaultMetrics(): Registry {
  const register = new Registry();
  collectDefaultMetrics({ register });
  return register;
}
