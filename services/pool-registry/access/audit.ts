// The audit log: written and read, never changed.
import { and, desc, eq, sql } from 'drizzle-orm';
import type { ListAuditEntriesRequest, ListAuditEntriesResponse } from '../../../proto/gen/cpral/v1/access.ts';
import type { AuditEntry } from '../../shared/grpc/guard.ts';
import { callerNow } from '../../shared/identity/caller.ts';
import type { RegistryContext } from '../context.ts';
import type { Database } from '../database.ts';
import { cutPage, readPage } from '../rpc/pages.ts';
import { auditLog } from '../schema.ts';

export async function writeAudit(db: Database, { caller, from, method, target, outcome }: AuditEntry): Promise<void> {
  const { kind, subject, project } = caller;
  await db.insert(auditLog).values({ kind, subject, project, method, target, source: from, outcome });
}

export async function listAuditEntries(
  { db }: Pick<RegistryContext, 'db'>,
  request: ListAuditEntriesRequest,
): Promise<ListAuditEntriesResponse> {
  const { scope } = callerNow();
  const page = readPage(request);
  const [time, entryId] = page.after ?? [];
  const found = await db
    .select({ row: auditLog, time: sql<string>`${auditLog.time}::text` })
    .from(auditLog)
    .where(
      and(
        scope === undefined ? undefined : eq(auditLog.project, scope),
        request.subject ? eq(auditLog.subject, request.subject) : undefined,
        time === undefined
          ? undefined
          : sql`(${auditLog.time}, ${auditLog.entryId}) < (${time}::timestamptz, ${entryId}::uuid)`,
      ),
    )
    .orderBy(desc(auditLog.time), desc(auditLog.entryId))
    .limit(page.limit + 1);
  const { rows, nextPageToken } = cutPage(found, page, ({ row, time }) => [time, row.entryId]);
  return { entries: rows.map(({ row }) => row), nextPageToken };
}
