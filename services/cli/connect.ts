// Finds the services: running ones at an address, or all of them started in this process tree for as long as the work takes.
import { readTls } from '../shared/environment.ts';
import type { TlsFiles } from '../shared/grpc/certificate-files.ts';
import { createClient, type RegistryClient } from './client.ts';
import type { Connection } from './command.ts';
import { environment } from './environment.ts';

export async function withClient<T>(
  connection: Connection,
  signal: AbortSignal,
  use: (client: RegistryClient) => Promise<T>,
): Promise<T> {
  const services = connection.address === undefined ? await startEmbedded(connection) : running(connection.address);
  try {
    signal.throwIfAborted();
    const client = createClient(services.address, signal, services.tls);
    try {
      return await use(client);
    } finally {
      client.close();
    }
  } finally {
    await services.close();
  }
}

async function startEmbedded({ home, workers, logLevel }: Connection) {
  // Loaded only here: help, parse errors and remote use need no database.
  const { startEmbedded: start } = await import('./serve.ts');
  return { ...(await start({ home, workers, logLevel })), tls: undefined };
}

/** By certificates where the environment names them. */
function running(address: string): { address: string; tls: TlsFiles | undefined; close: () => Promise<void> } {
  return { address, tls: readTls(environment), close: async () => {} };
}
