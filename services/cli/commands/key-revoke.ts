// `cpral key revoke`.
import { withAccess } from '../access.ts';
import type { CommandOf } from '../command.ts';
import { type Io, print } from '../io.ts';

export async function keyRevoke({ connection, id }: CommandOf<'key revoke'>, io: Io): Promise<void> {
  const { keyId, displayName } = await withAccess(connection, io.signal, (access) => access.revokeKey(id));
  print(io, `${keyId} (${displayName}) is revoked`);
}
