// Keys and the audit log as calls.
import { type AccessServer, AccessService } from '../../../proto/gen/cpral/v1/access.ts';
import { grpcService } from '../../shared/grpc/server.ts';
import { callerNow } from '../../shared/identity/caller.ts';
import { createApiKey, listApiKeys, revokeApiKey } from '../access/api-keys.ts';
import { listAuditEntries } from '../access/audit.ts';
import type { RegistryContext } from '../context.ts';
import { unary } from './handlers.ts';

export function accessService(context: RegistryContext) {
  const { log } = context;
  return grpcService(AccessService, {
    getCaller: unary(log, async () => {
      const { kind, subject, project, scope = '', permissions } = callerNow();
      return { kind, subject, project, scope, permissions: [...permissions].sort() };
    }),
    createApiKey: unary(log, async (request) => {
      const answer = await createApiKey(context, request);
      const { keyId, project, role } = answer.key!;
      log.info({ keyId, project, role }, 'key created');
      return answer;
    }),
    listApiKeys: unary(log, (request) => listApiKeys(context, request)),
    revokeApiKey: unary(log, (request) => revokeApiKey(context, request)),
    listAuditEntries: unary(log, (request) => listAuditEntries(context, request)),
  } satisfies AccessServer);
}
