// Toxiproxy: a proxy that delays and cuts connections on demand, for tests of faults.
import { freePort } from './free-port.ts';
import { answersOk } from './probes.ts';
import { findProgram, type ProgramSource } from './program.ts';
import type { Say } from './say.ts';
import { type Server, startServer } from './server.ts';

const VERSION = '2.12.0';

const SOURCE: ProgramSource = {
  name: 'toxiproxy-server',
  variable: 'CPRAL_TOXIPROXY_SERVER',
  image: { name: `ghcr.io/shopify/toxiproxy:${VERSION}`, data: '/data' },
  module: { name: 'toxiproxy-server', package: 'github.com/Shopify/toxiproxy/v2/cmd/server', version: VERSION },
};

export const findToxiproxy = (say: Say) => findProgram(SOURCE, say);

export interface Toxiproxy {
  readonly server: Server;
  /** A new way to a server's port. */
  proxy(name: string, upstreamPort: number): Promise<Proxy>;
}

export interface Proxy {
  readonly port: number;
  /** Cuts all connections and refuses new ones, until it is mended. */
  cut(): Promise<void>;
  mend(): Promise<void>;
  /** Delays every answer by so much; 0 ends it. */
  delay(ms: number): Promise<void>;
}

export async function startToxiproxy(folder: string, say: Say): Promise<Toxiproxy> {
  const program = await findToxiproxy(say);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const args = () => ['-host', '127.0.0.1', '-port', `${port}`];
  const probe = () => answersOk(`${url}/version`);
  const server = await startServer({ name: 'toxiproxy', url, port, folder, program, args, probe });
  return {
    server,
    async proxy(name, upstreamPort) {
      const ownPort = await freePort();
      const listen = `127.0.0.1:${ownPort}`;
      const proxyUrl = `${url}/proxies/${name}`;
      await post(`${url}/proxies`, { name, listen, upstream: `127.0.0.1:${upstreamPort}`, enabled: true });
      return {
        port: ownPort,
        cut: () => post(proxyUrl, { enabled: false }),
        mend: () => post(proxyUrl, { enabled: true }),
        async delay(ms) {
          await fetch(`${proxyUrl}/toxics/delay`, { method: 'DELETE' });
          if (ms > 0) await post(`${proxyUrl}/toxics`, { name: 'delay', type: 'latency', attributes: { latency: ms } });
        },
      };
    },
  };
}

async function post(url: string, body: unknown): Promise<void> {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${url} answers ${response.status}: ${await response.text()}`);
}
