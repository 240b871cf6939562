// The connection to NATS: made in the background and made again for ever, with our streams on the other side.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type JetStreamClient, type JetStreamManager, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, credsAuthenticator, type NatsConnection, type NodeConnectionOptions } from '@nats-io/transport-node';
import { CpralError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { NatsAddress } from './nats-url.ts';
import { ensureTopology, type Topology } from './topology.ts';

const FIRST_CONNECT_PAUSE_MS = 1_000;
const RECONNECT_MS = 500;
const RECONNECT_JITTER_MS = 500;
const PING_INTERVAL_MS = 5_000;
const REQUEST_TIMEOUT_MS = 5_000;

export interface Session {
  readonly connection: NatsConnection;
  readonly client: JetStreamClient;
  readonly manager: JetStreamManager;
}

export interface Link {
  /** Throws UNAVAILABLE where there is no connection now. */
  session(): Session;
  /** Resolves once there is a connection with our streams behind it, or when the signal aborts. */
  connected(signal: AbortSignal): Promise<Session | undefined>;
  /** Makes what is missing on the server. */
  ensure(): Promise<void>;
  close(): Promise<void>;
}

export function openLink(address: NatsAddress, topology: Topology, log: Log): Link {
  const { servers, tls, user, password, credentialsFile } = address;
  const closing = new AbortController();
  let open: Session | undefined;
  let isUp = false;
  let ensuring: Promise<void> | undefined;

  const session = (): Session => {
    if (!open || !isUp) throw new CpralError('UNAVAILABLE', 'NATS cannot be reached');
    return open;
  };

  const ensure = async (): Promise<void> => {
    // Throws before anything is kept for those who come meanwhile.
    const { manager } = session();
    ensuring ??= ensureTopology(manager, topology).finally(() => {
      ensuring = undefined;
    });
    return ensuring;
  };

  const watch = async (connection: NatsConnection) => {
    for await (const { type } of connection.status()) {
      if (type === 'disconnect') {
        isUp = false;
        log.warn('NATS: connection lost');
      }
      if (type !== 'reconnect') continue;
      isUp = true;
      log.info('NATS: connected again');
      // A server that lost its disk comes back without streams.
      ensure().catch((error) => log.warn({ err: error }, 'NATS: streams could not be made'));
    }
  };

  const settings: NodeConnectionOptions = {
    servers: [...servers],
    name: 'cpral',
    ...(tls && { tls: {} }),
    ...(user && { user, pass: password ?? '' }),
    ...(credentialsFile && { authenticator: credsAuthenticator(() => readFileSync(credentialsFile)) }),
    maxReconnectAttempts: -1,
    // A login that is refused now may be right when it has been changed on both sides.
    ignoreAuthErrorAbort: true,
    reconnectTimeWait: RECONNECT_MS,
    reconnectJitter: RECONNECT_JITTER_MS,
    pingInterval: PING_INTERVAL_MS,
    timeout: REQUEST_TIMEOUT_MS,
  };

  /** Our own loop for the first connection: the library's cannot be ended. */
  const started = (async () => {
    while (!closing.signal.aborted) {
      try {
        const connection = await connect(settings);
        if (closing.signal.aborted) return void (await connection.close());
        const options = { timeout: REQUEST_TIMEOUT_MS };
        const manager = await jetstreamManager(connection, { ...options, checkAPI: false });
        open = { connection, client: jetstream(connection, options), manager };
        isUp = true;
        void watch(connection);
        log.info('NATS: connected');
        // What another version of us made may have other limits.
        ensure().catch((error) => log.warn({ err: error }, 'NATS: streams could not be made'));
        return open;
      } catch (error) {
        log.warn({ err: error }, 'NATS: no connection, trying again');
        await sleep(FIRST_CONNECT_PAUSE_MS, undefined, { signal: closing.signal }).catch(() => {});
      }
    }
    return undefined;
  })();

  return {
    session,
    async connected(signal) {
      const aborted = Promise.withResolvers<undefined>();
      const abort = () => aborted.resolve(undefined);
      if (signal.aborted) abort();
      signal.addEventListener('abort', abort, { once: true });
      const made = started.then((session) => session && ensure().then(() => session));
      return Promise.race([aborted.promise, made]).finally(() => signal.removeEventListener('abort', abort));
    },
    ensure,
    async close() {
      closing.abort();
      await started;
      await open?.connection.drain().catch(() => open?.connection.close());
    },
  };
}
