// `cpral audit list`.
import { AuditEntry } from '../../../proto/gen/cpral/v1/access.ts';
import { withAccess } from '../access.ts';
import { auditTable } from '../access-text.ts';
import type { CommandOf } from '../command.ts';
import { type Io, print } from '../io.ts';

export async function auditList(command: CommandOf<'audit list'>, io: Io): Promise<void> {
  const { connection, subject = '', limit, json } = command;
  const entries = await withAccess(connection, io.signal, (access) => access.auditEntries(subject, limit));
  if (json) return print(io, JSON.stringify(entries.map(AuditEntry.toJSON), null, 2));
  print(io, entries.length === 0 ? 'Nothing yet.' : auditTable(entries));
}
