// What CPRAL_NATS_URL says: servers, how to log in, how many copies a stream has, and how long a silent worker keeps a message.
import { invalid } from '../../errors.ts';

const FIELD = 'CPRAL_NATS_URL';
const URL_SHAPE = /^(nats|tls):\/\/(?:([^:@/?]+)(?::([^@/?]*))?@)?([^@/?]+)\/?(?:\?(.*))?$/;
const HOST_PORT = /^[^\s:]+:\d{1,5}$/;
const MAX_REPLICAS = 5;
/** Longer than a worker's heartbeats by far, short enough that a dead worker's item is soon another's. */
const DEFAULT_ACK_WAIT_SECONDS = 45;
const MIN_ACK_WAIT_SECONDS = 6;
const MAX_ACK_WAIT_SECONDS = 600;

export interface NatsAddress {
  readonly servers: readonly string[];
  readonly tls: boolean;
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** Of a user in NATS's own form, a token and a key; read again for every connection. */
  readonly credentialsFile: string | undefined;
  /** Copies of each stream in a NATS cluster. */
  readonly replicas: number;
  /** After so long without a word from its worker a message is handed to another one. */
  readonly ackWaitMs: number;
}

/**
 * @param url nats://[USER:PASSWORD@]HOST:PORT[,HOST:PORT...][?replicas=3&ack_wait_seconds=45&credentials_file=/FILE], or tls://
 * @throws INVALID_ARGUMENT without the URL's text: it may hold a password
 */
export function readNatsUrl(url: string): NatsAddress {
  const [, scheme, user, password, hosts = '', query = ''] = URL_SHAPE.exec(url) ?? [];
  const servers = hosts.split(',');
  if (!scheme || !servers.every((server) => HOST_PORT.test(server))) {
    throw invalid(
      `${FIELD}: expected nats://[USER:PASSWORD@]HOST:PORT[,HOST:PORT...][?replicas=N], got something else`,
      {
        field: FIELD,
      },
    );
  }
  const {
    replicas = '1',
    ack_wait_seconds: ackWait = `${DEFAULT_ACK_WAIT_SECONDS}`,
    credentials_file: credentialsFile,
    ...others
  } = Object.fromEntries(new URLSearchParams(query));
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    throw invalid(`${FIELD}: expected no setting but replicas, ack_wait_seconds and credentials_file, got ${unknown}`, {
      field: FIELD,
    });
  if (!/^\d$/.test(replicas) || Number(replicas) < 1 || Number(replicas) > MAX_REPLICAS) {
    throw invalid(`${FIELD}: replicas: expected 1 to ${MAX_REPLICAS}, got "${replicas}"`, { field: FIELD });
  }
  if (credentialsFile !== undefined && (user !== undefined || !credentialsFile.startsWith('/'))) {
    const got = user === undefined ? `"${credentialsFile}"` : 'a user as well';
    throw invalid(`${FIELD}: credentials_file: expected the path of a file from the root, and no user, got ${got}`, {
      field: FIELD,
    });
  }
  const ackWaitSeconds = Number(ackWait);
  if (!/^\d+$/.test(ackWait) || ackWaitSeconds < MIN_ACK_WAIT_SECONDS || ackWaitSeconds > MAX_ACK_WAIT_SECONDS) {
    const range = `${MIN_ACK_WAIT_SECONDS} to ${MAX_ACK_WAIT_SECONDS}`;
    throw invalid(`${FIELD}: ack_wait_seconds: expected ${range}, got "${ackWait}"`, { field: FIELD });
  }
  return {
    servers,
    tls: scheme === 'tls',
    user: user && decodeURIComponent(user),
    password: password && decodeURIComponent(password),
    credentialsFile,
    replicas: Number(replicas),
    ackWaitMs: 1_000 * ackWaitSeconds,
  };
}
