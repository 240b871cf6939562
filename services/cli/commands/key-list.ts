// `cpral key list`.
import { ApiKey } from '../../../proto/gen/cpral/v1/access.ts';
import { withAccess } from '../access.ts';
import { keyTable } from '../access-text.ts';
import type { CommandOf } from '../command.ts';
import { type Io, print } from '../io.ts';

export async function keyList({ connection, json }: CommandOf<'key list'>, io: Io): Promise<void> {
  const keys = await withAccess(connection, io.signal, (access) => access.keys());
  if (json) return print(io, JSON.stringify(keys.map(ApiKey.toJSON), null, 2));
  print(io, keys.length === 0 ? 'No keys.' : keyTable(keys));
}
