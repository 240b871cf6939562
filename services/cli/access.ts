// The questions of `cpral key` and `cpral audit`.
import {
  AccessClient,
  type ApiKey,
  type AuditEntry,
  type CreateApiKeyRequest,
  type CreateApiKeyResponse,
} from '../../proto/gen/cpral/v1/access.ts';
import { call, clientOptions } from '../shared/grpc/client.ts';
import { channelCredentials } from '../shared/grpc/credentials.ts';
import type { Connection } from './command.ts';
import { type Services, withClient } from './connect.ts';

const DEADLINE_MS = 20_000;
const PAGE_SIZE = 500;

export interface Access {
  createKey(request: CreateApiKeyRequest): Promise<CreateApiKeyResponse>;
  keys(): Promise<ApiKey[]>;
  revokeKey(keyId: string): Promise<ApiKey>;
  /** Newest first, at most `limit`. */
  auditEntries(subject: string, limit: number): Promise<AuditEntry[]>;
}

export function withAccess<T>(
  connection: Connection,
  signal: AbortSignal,
  use: (access: Access) => Promise<T>,
): Promise<T> {
  return withClient(connection, signal, async (_, services) => {
    const client = openClient(services);
    try {
      return await use(accessOver(client, signal));
    } finally {
      client.close();
    }
  });
}

function openClient({ address, tls, bearer }: Services): AccessClient {
  return new AccessClient(
    address,
    channelCredentials(tls && { files: tls }),
    clientOptions({}, () => bearer),
  );
}

function accessOver(client: AccessClient, signal: AbortSignal): Access {
  const settings = { deadlineMs: DEADLINE_MS, signal };
  return {
    createKey: (request) => call(client.createApiKey.bind(client), request, settings),
    async keys() {
      const found: ApiKey[] = [];
      for (let pageToken = ''; ; ) {
        const page = await call(client.listApiKeys.bind(client), { pageSize: PAGE_SIZE, pageToken }, settings);
        found.push(...page.keys);
        if (page.nextPageToken === '') return found;
        pageToken = page.nextPageToken;
      }
    },
    async revokeKey(keyId) {
      return (await call(client.revokeApiKey.bind(client), { keyId }, settings)).key!;
    },
    async auditEntries(subject, limit) {
      const request = { subject, pageSize: limit, pageToken: '' };
      return (await call(client.listAuditEntries.bind(client), request, settings)).entries;
    },
  };
}
