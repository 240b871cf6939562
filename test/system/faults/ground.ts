// What stays up over many campaigns: PostgreSQL, NATS, S3, and the proxy that stands between them and the services.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Say } from '../../../deploy/servers/say.ts';
import { type Servers, startServers } from '../../../deploy/servers/start-servers.ts';
import { startToxiproxy, type Toxiproxy } from '../../../deploy/servers/toxiproxy.ts';

export interface Ground {
  readonly folder: string;
  readonly servers: Servers;
  readonly toxiproxy: Toxiproxy;
  close(): Promise<void>;
}

export async function startGround(say: Say = () => {}): Promise<Ground> {
  const folder = await mkdtemp(path.join(tmpdir(), 'cpral-faults-'));
  // Killed PostgreSQL keeps what it committed only where commits are waited for.
  const servers = await startServers({ folder, say, durable: true });
  const toxiproxy = await startToxiproxy(folder, say).catch(async (error) => {
    await servers.close();
    throw error;
  });
  return {
    folder,
    servers,
    toxiproxy,
    async close() {
      await toxiproxy.server.stop();
      await servers.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
