// The real servers that the services use: PostgreSQL, NATS and S3, on free ports of the loopback, in one folder.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findNats, startNats } from './nats.ts';
import { startPostgres } from './postgres.ts';
import { findPostgres } from './postgres-programs.ts';
import { findS3, startS3 } from './s3.ts';
import type { Say } from './say.ts';
import type { Server } from './server.ts';

export interface Servers {
  readonly postgres: Server;
  readonly nats: Server;
  readonly s3: Server;
  /** What the services read from their environment. */
  readonly environment: Readonly<Record<(typeof NAMES)[number], string>>;
  /** Ends all of them, and removes their folder where it was a temporary one. */
  close(): Promise<void>;
}

const NAMES = [
  'CPRAL_DATABASE_URL',
  'CPRAL_OBJECTS_URL',
  'CPRAL_NATS_URL',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
] as const;

export interface ServersOptions {
  /** Where data and logs go and stay; a temporary folder by default. */
  readonly folder?: string;
  readonly say?: Say;
  /** Survives a power cut; see PostgresOptions. */
  readonly durable?: boolean;
}

export async function startServers({ folder, say = () => {}, durable = false }: ServersOptions = {}): Promise<Servers> {
  const home = folder ? path.resolve(folder) : await mkdtemp(path.join(tmpdir(), 'cpral-servers-'));
  await mkdir(home, { recursive: true });
  const started: Server[] = [];
  const close = async () => {
    await Promise.all(started.map((server) => server.stop()));
    if (folder === undefined) await rm(home, { recursive: true, force: true });
  };
  try {
    const postgres = await startPostgres({ folder: home, say, durable });
    started.push(postgres);
    const nats = await startNats(home, say);
    started.push(nats.server);
    const s3 = await startS3(home, say);
    started.push(s3.server);
    const environment = {
      CPRAL_DATABASE_URL: postgres.url,
      CPRAL_OBJECTS_URL: s3.objectsUrl,
      CPRAL_NATS_URL: nats.server.url,
      ...s3.credentials,
    };
    return { postgres, nats: nats.server, s3: s3.server, environment, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Finds, builds or installs all programs, so that a start takes no longer than the servers themselves. */
export async function prepareServers(say: Say): Promise<void> {
  await findPostgres(say);
  await findNats(say);
  await findS3(say);
}
