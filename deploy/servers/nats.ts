// NATS with JetStream on disk.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { freePort } from './free-port.ts';
import { isAtLeast } from './on-path.ts';
import { answersOk } from './probes.ts';
import { findProgram, type ProgramSource } from './program.ts';
import type { Say } from './say.ts';
import { dataSeenBy, type Server, startServer } from './server.ts';

const VERSION = '2.15.2';
const OLDEST = [2, 12] as const;
const CONFIG = 'nats.conf';

const SOURCE: ProgramSource = {
  name: 'nats-server',
  variable: 'CPRAL_NATS_SERVER',
  suits: (file) => isAtLeast(file, ['--version'], OLDEST),
  image: { name: `docker.io/library/nats:${VERSION}`, data: '/data' },
  module: { name: 'nats-server', package: 'github.com/nats-io/nats-server/v2', version: VERSION },
};

export const findNats = (say: Say) => findProgram(SOURCE, say);

/**
 * @param settings further lines of its configuration, as for TLS or a cluster; they are left out in a container
 * @returns the server, the address of its monitoring page where it has one, and the file that it reads when it starts
 */
export async function startNats(
  folder: string,
  say: Say,
  settings = '',
): Promise<{ server: Server; monitoringUrl: string; configFile: string }> {
  const program = await findNats(say);
  const port = await freePort();
  const monitoringPort = await freePort();
  const monitoringUrl = `http://127.0.0.1:${monitoringPort}`;
  const data = path.join(folder, 'nats');
  await mkdir(data, { recursive: true });
  const config = configuration(port, monitoringPort, dataSeenBy(program, data)) + settings;
  const configFile = path.join(data, CONFIG);
  await writeFile(configFile, config);
  const server = await startServer({
    name: 'nats',
    url: `nats://127.0.0.1:${port}`,
    port,
    folder,
    program,
    data,
    args: (seen) => ['--config', path.join(seen, CONFIG)],
    probe: () => answersOk(`${monitoringUrl}/healthz`),
  });
  return { server, monitoringUrl, configFile };
}

// An acknowledged message may be lost with the power, whatever sync_interval says; the database has all of them and the reconciler
// publishes again. So the interval is one at which a loss is small, not the one ("always") that makes publishing several times slower.
const configuration = (port: number, monitoringPort: number, data: string) => `listen: "127.0.0.1:${port}"
http: "127.0.0.1:${monitoringPort}"
jetstream {
  store_dir: ${JSON.stringify(data)}
  sync_interval: "10s"
}
`;
