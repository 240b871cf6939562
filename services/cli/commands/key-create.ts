// `cpral key create`: the secret alone on stdout, so that it goes into a file without having been seen.

import { withAccess } from '../access.ts';
import type { CommandOf } from '../command.ts';
import { type Io, print, tell } from '../io.ts';

export async function keyCreate(command: CommandOf<'key create'>, io: Io): Promise<void> {
  const { connection, displayName, project, role, expireTime } = command;
  const request = { displayName, project, role, expireTime };
  const { key, secret } = await withAccess(connection, io.signal, (access) => access.createKey(request));
  tell(io, `key ${key?.keyId}: ${key?.role} of ${key?.project}. Its secret is shown this once:`);
  print(io, secret);
}
