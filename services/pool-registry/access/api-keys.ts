// Keys of programs. A secret has 256 random bits, so that one round of SHA-256 is hash enough: there is nothing to guess.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import type {
  ApiKey,
  CreateApiKeyRequest,
  CreateApiKeyResponse,
  ListApiKeysRequest,
  ListApiKeysResponse,
  RevokeApiKeyRequest,
  RevokeApiKeyResponse,
} from '../../../proto/gen/cpral/v1/access.ts';
import { CpralError, invalid } from '../../shared/errors.ts';
import { callerNow, type Identity } from '../../shared/identity/caller.ts';
import { ALL_PROJECTS, checkProject, prefixOf } from '../../shared/identity/project.ts';
import { isRole, ROLES } from '../../shared/identity/roles.ts';
import type { RegistryContext } from '../context.ts';
import type { Database } from '../database.ts';
import { cutPage, readPage } from '../rpc/pages.ts';
import { apiKeys } from '../schema.ts';

/** What every key begins with, so that people and scanners know one when they see it. */
export const KEY_MARK = 'cpral-key.';
const KEY = /^cpral-key\.([a-z0-9_-]{1,60})\.([\w-]{43})$/;
const MAX_NAME = 100;

type Row = typeof apiKeys.$inferSelect;

export async function createApiKey(
  { db, clock }: Pick<RegistryContext, 'db' | 'clock'>,
  request: CreateApiKeyRequest,
): Promise<CreateApiKeyResponse> {
  const { displayName, role, expireTime } = request;
  const caller = callerNow();
  const project = readProject(request.project || caller.project, caller.scope);
  if (displayName.length === 0 || displayName.length > MAX_NAME) {
    throw invalid(`display_name: expected 1 to ${MAX_NAME} characters, got ${displayName.length}`, {
      field: 'display_name',
    });
  }
  if (!isRole(role)) {
    const expected = `one of ${Object.keys(ROLES).join(', ')}`;
    throw invalid(`role: expected ${expected}, got "${role.slice(0, 40)}"`, { field: 'role' });
  }
  if (role === 'worker' && caller.scope !== undefined) throw notYours('role "worker"', 'role');
  if (expireTime && !(expireTime.getTime() > clock.now())) {
    throw invalid('expire_time: expected one that is to come', { field: 'expire_time' });
  }
  const secret = randomBytes(32).toString('base64url');
  const keyId = `${project === ALL_PROJECTS ? '' : prefixOf(project)}${randomBytes(6).toString('hex')}`;
  const created = { keyId, displayName, project, role, createdBy: caller.subject };
  const [row] = await db
    .insert(apiKeys)
    .values({
      ...{ ...created, expireTime: expireTime ?? null, secretHash: hashOf(secret).toString('hex') },
      createTime: new Date(clock.now()),
    })
    .returning();
  return { key: row && toApiKey(row), secret: `${KEY_MARK}${keyId}.${secret}` };
}

/** An admin of one project gives none away in another. */
function readProject(project: string, scope: string | undefined): string {
  if (scope !== undefined && project !== scope) throw notYours(`project "${project.slice(0, 40)}"`, 'project');
  return project === ALL_PROJECTS ? project : checkProject(project, 'project');
}

function notYours(what: string, field: string): CpralError {
  return new CpralError('PERMISSION_DENIED', `${field}: expected what is yours to give, got ${what}`, { field });
}

export async function listApiKeys(
  { db }: Pick<RegistryContext, 'db'>,
  request: ListApiKeysRequest,
): Promise<ListApiKeysResponse> {
  const page = readPage(request);
  const [time, id] = page.after ?? [];
  const found = await db
    .select({ row: apiKeys, time: sql<string>`${apiKeys.createTime}::text` })
    .from(apiKeys)
    .where(
      and(
        ofScope(),
        time === undefined
          ? undefined
          : sql`(${apiKeys.createTime}, ${apiKeys.keyId}) < (${time}::timestamptz, ${id}::text)`,
      ),
    )
    .orderBy(desc(apiKeys.createTime), desc(apiKeys.keyId))
    .limit(page.limit + 1);
  const { rows, nextPageToken } = cutPage(found, page, ({ row, time }) => [time, row.keyId]);
  return { keys: rows.map(({ row }) => toApiKey(row)), nextPageToken };
}

export async function revokeApiKey(
  { db, clock }: Pick<RegistryContext, 'db' | 'clock'>,
  { keyId }: RevokeApiKeyRequest,
): Promise<RevokeApiKeyResponse> {
  const which = and(eq(apiKeys.keyId, keyId), ofScope());
  await db
    .update(apiKeys)
    .set({ revokeTime: new Date(clock.now()) })
    .where(and(which, isNull(apiKeys.revokeTime)));
  const [row] = await db.select().from(apiKeys).where(which);
  if (!row) throw new CpralError('NOT_FOUND', `key "${keyId}" does not exist`, { field: 'key_id' });
  return { key: toApiKey(row) };
}

/** @returns whose key it is; undefined where it is nobody's, or not any more */
export async function identityOfKey(db: Database, token: string, nowMs: number): Promise<Identity | undefined> {
  const [, keyId, secret] = KEY.exec(token) ?? [];
  if (keyId === undefined || secret === undefined) return undefined;
  const [row] = await db.select().from(apiKeys).where(eq(apiKeys.keyId, keyId));
  const isSecret = timingSafeEqual(hashOf(secret), row ? Buffer.from(row.secretHash, 'hex') : NO_HASH);
  if (!row || !isSecret || row.revokeTime || !isRole(row.role)) return undefined;
  if (row.expireTime && row.expireTime.getTime() <= nowMs) return undefined;
  return { kind: 'program', subject: `key:${keyId}`, grants: [{ project: row.project, role: row.role }] };
}

export const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();
const NO_HASH = Buffer.alloc(32);

function ofScope() {
  const { scope } = callerNow();
  return scope === undefined ? undefined : eq(apiKeys.project, scope);
}

function toApiKey({ keyId, displayName, project, role, createdBy, createTime, expireTime, revokeTime }: Row): ApiKey {
  const times = { createTime, expireTime: expireTime ?? undefined, revokeTime: revokeTime ?? undefined };
  return { keyId, displayName, project, role, createdBy, ...times };
}
