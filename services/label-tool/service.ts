// The label tool: an HTTP server over the registry, for people. It keeps no state but uploads under way.
import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { ChannelCredentials } from '@grpc/grpc-js';
import { isLoopback } from '../shared/environment.ts';
import { CpralError } from '../shared/errors.ts';
import { OPEN_ACCESS } from '../shared/identity/identity-config.ts';
import type { Log } from '../shared/log.ts';
import { createFeeds } from './campaigns/feeds.ts';
import { createSummaries } from './campaigns/summaries.ts';
import { createImports } from './imports/imports.ts';
import type { SignInConfig } from './people/sign-in-config.ts';
import { openRegistry } from './registry/registry.ts';
import { createApp } from './server/app.ts';
import { PAGE_FOLDER } from './server/page-files.ts';

/** Answers under way may end in this time; then their connections are cut. */
const STOP_GRACE_MS = 5_000;
const SWEEP_MS = 50;

export interface LabelToolOptions {
  /** host:port; port 0 takes a free one. */
  readonly listen: string;
  /** Of the registry. */
  readonly registryAddress: string;
  readonly credentials: ChannelCredentials;
  /** How people sign in; undefined: whoever reaches it is the owner. */
  readonly signIn?: SignInConfig | undefined;
  /** Names that it is reached by. */
  readonly hosts?: readonly string[];
  /** Where uploads gather. */
  readonly uploadFolder: string;
  readonly log: Log;
  readonly pageFolder?: string;
}

export interface LabelTool {
  /** http://host:port/ */
  readonly url: string;
  /** Throws where the registry does not answer. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

export async function startLabelTool(options: LabelToolOptions): Promise<LabelTool> {
  const {
    listen,
    registryAddress,
    credentials,
    hosts = [],
    uploadFolder,
    log,
    signIn,
    pageFolder = PAGE_FOLDER,
  } = options;
  const registry = openRegistry(registryAddress, credentials);
  const stop = new AbortController();
  const summaries = createSummaries(registry);
  const feed = createFeeds({ registry, summaries, log, stopping: stop.signal });
  const imports = createImports({ registry, folder: uploadFolder, log, stopping: stop.signal });
  const isBuilt = existsSync(path.join(pageFolder, 'index.html'));
  if (!signIn) log.warn({ listen }, OPEN_ACCESS);
  if (!isBuilt) log.warn({ folder: pageFolder }, 'the page is not built: npm run build:page');
  const server = await createApp(
    { registry, log, summaries, feed, imports, stopping: stop.signal },
    { pageFolder: isBuilt ? pageFolder : undefined, onLoopback: isLoopback(listen), hosts, signIn },
  );
  const [, host = '', port] = /^(.*):(\d+)$/.exec(listen) ?? [];
  await server.listen({ host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(port) }).catch(async (cause: Error) => {
    stop.abort();
    await server.close();
    registry.close();
    throw new CpralError('UNAVAILABLE', `the label tool cannot listen on ${listen}: ${cause.message}`, {
      field: 'listen',
      cause,
    });
  });
  return {
    url: `http://${host}:${(server.server.address() as AddressInfo).port}/`,
    ready: registry.ready,
    async close() {
      stop.abort();
      // Connections whose answer ends now are kept by clients for the next request, which is not to come.
      const sweep = setInterval(() => server.server.closeIdleConnections(), SWEEP_MS);
      const limit = setTimeout(() => server.server.closeAllConnections(), STOP_GRACE_MS);
      await server.close();
      clearInterval(sweep);
      clearTimeout(limit);
      await imports.close();
      registry.close();
    },
  };
}
