// Keys and the audit log in rows. Pure.
import type { ApiKey, AuditEntry } from '../../proto/gen/cpral/v1/access.ts';
import { formatTable } from './table.ts';

const left = (title: string) => ({ title, align: 'left' }) as const;
const KEY_COLUMNS = ['key', 'name', 'project', 'role', 'made by', 'made', 'ends', 'revoked'].map(left);
const AUDIT_COLUMNS = ['time', 'who', 'project', 'what', 'on', 'from', 'outcome'].map(left);

export function keyTable(keys: readonly ApiKey[]): string {
  return formatTable(
    KEY_COLUMNS,
    keys.map(({ keyId, displayName, project, role, createdBy, createTime, expireTime, revokeTime }) => [
      ...[keyId, displayName, project, role, createdBy],
      ...[createTime, expireTime, revokeTime].map(timeText),
    ]),
  );
}

export function auditTable(entries: readonly AuditEntry[]): string {
  return formatTable(
    AUDIT_COLUMNS,
    entries.map(({ time, subject, project, method, target, source, outcome }) => [
      ...[timeText(time), subject, project, method.replace('cpral.v1.', ''), target, source, outcome],
    ]),
  );
}

const timeText = (time: Date | undefined) => time?.toISOString() ?? '';
