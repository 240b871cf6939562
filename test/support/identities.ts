// A registry that asks for identities, and clients that have one.
import { randomBytes } from 'node:crypto';
import { credentials } from '@grpc/grpc-js';
import { AccessClient } from '../../proto/gen/cpral/v1/access.ts';
import { OperationsClient } from '../../proto/gen/cpral/v1/operations.ts';
import { PoolRegistryClient } from '../../proto/gen/cpral/v1/pool_registry.ts';
import { call, clientOptions } from '../../services/shared/grpc/client.ts';
import type { OidcConfig } from '../../services/shared/identity/identity-config.ts';

export const secret = () => randomBytes(32).toString('base64url');

export function closedTo(oidc?: OidcConfig) {
  return { oidc, adminKey: secret(), workerKey: secret() };
}

export interface Clients {
  readonly registry: PoolRegistryClient;
  readonly operations: OperationsClient;
  readonly access: AccessClient;
  close(): void;
}

export function clientsOf(address: string, token: string, project = ''): Clients {
  const options = clientOptions({}, () => ({ token, project }));
  const registry = new PoolRegistryClient(address, credentials.createInsecure(), options);
  const operations = new OperationsClient(address, credentials.createInsecure(), options);
  const access = new AccessClient(address, credentials.createInsecure(), options);
  return {
    ...{ registry, operations, access },
    close() {
      for (const client of [registry, operations, access]) client.close();
    },
  };
}

export async function makeKey({ access }: Clients, project: string, role: string, expireTime?: Date) {
  const request = { displayName: `${role} of ${project}`, project, role, expireTime };
  const { key, secret } = await call(access.createApiKey.bind(access), request, { deadlineMs: 5_000 });
  return { keyId: key?.keyId ?? '', secret };
}
