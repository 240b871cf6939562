// Starts PostgreSQL, NATS and S3 once for all test files of a run. Tests that stop or cut a server start their own.
import type { TestProject } from 'vitest/node';
import { startServers } from '../../deploy/servers/start-servers.ts';
import { findToxiproxy } from '../../deploy/servers/toxiproxy.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** What services read from their environment; absent where a test runs without servers. */
    servers?: Readonly<Record<string, string>>;
  }
}

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const say = (sentence: string) => console.error(`servers: ${sentence}`);
  const servers = await startServers({ say });
  // Tests of faults start it themselves; building it here spares them the wait.
  await findToxiproxy(say);
  project.provide('servers', servers.environment);
  return servers.close;
}
