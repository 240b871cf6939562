// Finds the services: running ones at an address, or all of them started in this process tree for as long as the work takes.
import { isLoopback, readTls } from '../shared/environment.ts';
import type { TlsFiles } from '../shared/grpc/certificate-files.ts';
import type { Bearer } from '../shared/grpc/send-token.ts';
import { readBearer } from '../shared/identity/read-bearer.ts';
import { createClient, type RegistryClient } from './client.ts';
import type { Connection } from './command.ts';
import { environment } from './environment.ts';

export interface Services {
  readonly address: string;
  readonly tls: TlsFiles | undefined;
  /** Who this program is to them. */
  readonly bearer: Bearer | undefined;
  /** Of the label tool's page, where this process serves it. */
  readonly labelToolUrl?: string | undefined;
  close(): Promise<void>;
}

/** @param options where embedded services serve the label tool's page, if anywhere */
export async function withClient<T>(
  connection: Connection,
  signal: AbortSignal,
  use: (client: RegistryClient, services: Services) => Promise<T>,
  { pageListens = [] }: { readonly pageListens?: readonly string[] } = {},
): Promise<T> {
  const { address } = connection;
  const services = address === undefined ? await startEmbedded(connection, pageListens) : running(address);
  try {
    signal.throwIfAborted();
    const client = createClient(services.address, signal, services);
    try {
      return await use(client, services);
    } finally {
      client.close();
    }
  } finally {
    await services.close();
  }
}

async function startEmbedded(
  { home, workers, logLevel }: Connection,
  pageListens: readonly string[],
): Promise<Services> {
  // Loaded only here: help, parse errors and remote use need no database.
  const { startEmbedded: start } = await import('./serve.ts');
  return {
    ...(await start({ home, workers, logLevel, pageListens })),
    tls: undefined,
    bearer: readBearer(environment, { isPrivate: true }),
  };
}

/** By certificates, and with a key, where the environment names them. */
function running(address: string): Services {
  const tls = readTls(environment);
  const bearer = readBearer(environment, { isPrivate: tls !== undefined || isLoopback(address) });
  return { address, tls, bearer, close: async () => {} };
}
