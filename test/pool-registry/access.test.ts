import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PoolRegistryClient } from '../../proto/gen/cpral/v1/pool_registry.ts';
import { WorkQueueClient } from '../../proto/gen/cpral/v1/work.ts';
import type { CpralError } from '../../services/shared/errors.ts';
import { call } from '../../services/shared/grpc/client.ts';
import { channelCredentials } from '../../services/shared/grpc/credentials.ts';
import { makeCertificates } from '../support/certificates.ts';
import { type Clients, clientsOf, closedTo, makeKey, secret } from '../support/identities.ts';
import { startTestRegistry, type TestRegistry } from '../support/registry.ts';
import { importDataset, tinyDataset } from '../support/tiny-dataset.ts';

const deadlineMs = 10_000;
const page = { pageSize: 0, pageToken: '' };
const folder = mkdtempSync(path.join(tmpdir(), 'cpral-access-'));
const identities = closedTo();
let test: TestRegistry;
let admin: Clients;
const open: Clients[] = [];

beforeAll(async () => {
  test = await startTestRegistry({ identities });
  admin = as(identities.adminKey);
});
afterAll(async () => {
  for (const each of open) each.close();
  await test.close();
  rmSync(folder, { recursive: true });
});

function as(token: string, project = ''): Clients {
  const made = clientsOf(test.address, token, project);
  open.push(made);
  return made;
}

const list = ({ registry }: Clients) => call(registry.listDatasets.bind(registry), page, { deadlineMs });
const entries = async ({ access }: Clients, subject = '') =>
  (await call(access.listAuditEntries.bind(access), { subject, ...page }, { deadlineMs })).entries;
const whoAmI = ({ access }: Clients) => call(access.getCaller.bind(access), {}, { deadlineMs });
const refusal = (asked: Promise<unknown>) =>
  asked.then(
    () => 'answered',
    ({ code, reason }: CpralError) => `${code} ${reason}`,
  );

describe('a registry that asks who calls', () => {
  it.each([
    ['nothing', ''],
    ['a key that nobody made', `cpral-key.0123456789ab.${secret()}`],
    ['a word', 'sesame'],
  ])('refuses whoever shows %s', async (_, token) => {
    expect(await refusal(list(as(token)))).toMatch(/^UNAUTHENTICATED/);
  });

  it('knows a key by its whole secret', async () => {
    const { secret: key } = await makeKey(admin, 'maps', 'viewer');
    expect(await refusal(list(as(key)))).toBe('answered');
    const wrong = key.slice(0, -1) + (key.endsWith('A') ? 'B' : 'A');
    expect(await refusal(list(as(wrong)))).toBe('UNAUTHENTICATED KEY_REFUSED');
  });

  it('says who it takes its caller for', async () => {
    const { keyId, secret: key } = await makeKey(admin, 'maps', 'annotator');
    expect(await whoAmI(as(key))).toEqual({
      ...{ kind: 'program', subject: `key:${keyId}`, project: 'maps', scope: 'maps' },
      permissions: ['anybody', 'fetch', 'label', 'somebody', 'store'],
    });
  });

  it('hears no key any more from the call after it was revoked on', async () => {
    const { keyId, secret: key } = await makeKey(admin, 'maps', 'viewer');
    const program = as(key);
    await list(program);
    await call(admin.access.revokeApiKey.bind(admin.access), { keyId }, { deadlineMs });
    expect(await refusal(list(program))).toBe('UNAUTHENTICATED KEY_REFUSED');
  });

  it('hears no key whose time is over', async () => {
    const { keyId, secret: key } = await makeKey(admin, 'maps', 'viewer', new Date(Date.now() + 3_600_000));
    expect(await refusal(list(as(key)))).toBe('answered');
    await test.db.execute(sql`update api_keys set expire_time = now() - interval '1 second' where key_id = ${keyId}`);
    expect(await refusal(list(as(key)))).toBe('UNAUTHENTICATED KEY_REFUSED');
  });

  it('keeps no secret of a key, not even in its log', async () => {
    const { secret: key } = await makeKey(admin, 'maps', 'viewer');
    await list(as(key));
    const tables = await test.db.execute(sql`
      select (select json_agg(k) from api_keys k)::text || (select json_agg(a) from audit_log a)::text as text`);
    const [{ text }] = (tables as unknown as { rows: [{ text: string }] }).rows;
    expect(text).toContain(key.split('.')[1]);
    expect(text).not.toContain(key.split('.')[2]);
  });

  it.each([
    ['viewer', 'ImportDataset'],
    ['annotator', 'ListDatasets'],
    ['reviewer', 'ImportDataset'],
    ['operator', 'ListApiKeys'],
    ['admin', 'LeaseWorkItem'],
    ['worker', 'ListDatasets'],
  ])('lets a %s not %s', async (role, method) => {
    const { registry, access } = as((await makeKey(admin, role === 'worker' ? '*' : 'maps', role)).secret);
    const queue = new WorkQueueClient(test.address, channelCredentials(undefined));
    const asked: Record<string, () => Promise<unknown>> = {
      ImportDataset: () => importDataset(registry, tinyDataset()),
      ListDatasets: () => call(registry.listDatasets.bind(registry), page, { deadlineMs }),
      ListApiKeys: () => call(access.listApiKeys.bind(access), page, { deadlineMs }),
      LeaseWorkItem: () => call(queue.leaseWorkItem.bind(queue), { itemId: 'x', worker: 'x' }, { deadlineMs }),
    };
    const expected = method === 'LeaseWorkItem' ? /^UNAUTHENTICATED/ : /^PERMISSION_DENIED NO_PERMISSION/;
    expect(await refusal(asked[method]!())).toMatch(expected);
    queue.close();
  });
});

describe('an admin of a project', () => {
  it('makes keys of it, and of no other', async () => {
    const { secret: key } = await makeKey(admin, 'maps', 'admin');
    const ofMaps = as(key);
    await makeKey(ofMaps, 'maps', 'operator');
    for (const project of ['vision', '*', 'default'])
      expect(await refusal(makeKey(ofMaps, project, 'viewer'))).toMatch(/^PERMISSION_DENIED/);
    expect(await refusal(makeKey(ofMaps, 'maps', 'worker'))).toMatch(/^PERMISSION_DENIED/);
  });

  it('reads what was done in it, and in no other', async () => {
    const { secret: key, keyId } = await makeKey(admin, 'maps', 'admin');
    const ofMaps = as(key);
    await makeKey(ofMaps, '', 'viewer');
    const own = await entries(ofMaps);
    expect(new Set(own.map(({ project }) => project))).toEqual(new Set(['maps']));
    expect(own.map(({ subject, method }) => [subject, method])).toContainEqual([
      `key:${keyId}`,
      'cpral.v1.Access/CreateApiKey',
    ]);
  });

  it.each([
    [{ project: 'Maps' }, 'project'],
    [{ project: 'a_b' }, 'project'],
    [{ project: 'a'.repeat(21) }, 'project'],
    [{ role: 'king' }, 'role'],
    [{ role: 'toString' }, 'role'],
    [{ displayName: '' }, 'display_name'],
    [{ displayName: 'a'.repeat(101) }, 'display_name'],
    [{ expireTime: new Date(0) }, 'expire_time'],
  ])('is told what is wrong with %j', async (change, field) => {
    const request = { displayName: 'a', project: 'maps', role: 'viewer', expireTime: undefined, ...change };
    await expect(call(admin.access.createApiKey.bind(admin.access), request, { deadlineMs })).rejects.toMatchObject({
      ...{ code: 'INVALID_ARGUMENT', field },
    });
  });
});

describe('the audit log', () => {
  it('has who did what, when, from where, before it was done, and how it failed', async () => {
    const { secret: key, keyId } = await makeKey(admin, 'maps', 'operator');
    const { registry } = as(key);
    const asked = call(
      registry.pauseCampaign.bind(registry),
      { campaignId: 'maps_none', etag: '', requestId: '' },
      { deadlineMs },
    );
    expect(await refusal(asked)).toMatch(/^NOT_FOUND/);
    await expect.poll(async () => (await entries(admin, `key:${keyId}`)).length).toBe(2);
    const [failed, started] = await entries(admin, `key:${keyId}`);
    expect(started).toMatchObject({
      ...{ kind: 'program', project: 'maps', method: 'cpral.v1.PoolRegistry/PauseCampaign', outcome: 'STARTED' },
      ...{ target: 'campaign_id=maps_none', source: expect.stringMatching(/^127\.0\.0\.1:\d+$/) },
    });
    expect(failed).toMatchObject({ target: 'campaign_id=maps_none', outcome: 'NOT_FOUND' });
    expect(Date.now() - (started?.time?.getTime() ?? 0)).toBeLessThan(60_000);
  });

  it('has what somebody was not allowed to do', async () => {
    const { secret: key, keyId } = await makeKey(admin, 'maps', 'viewer');
    await refusal(makeKey(as(key), 'maps', 'admin'));
    await expect.poll(async () => (await entries(admin, `key:${keyId}`)).length).toBe(1);
    expect((await entries(admin, `key:${keyId}`))[0]?.outcome).toBe('PERMISSION_DENIED');
  });

  it.each([
    ['changed', sql`update audit_log set subject = 'nobody'`],
    ['deleted', sql`delete from audit_log`],
    ['emptied', sql`truncate audit_log`],
  ])('cannot be %s, whoever tries', async (_, statement) => {
    const before = (await entries(admin)).length;
    const error = await Promise.resolve(test.db.execute(statement)).catch((cause: Error) => cause);
    expect(String((error as Error).cause ?? error)).toContain('the audit log is only added to');
    expect((await entries(admin)).length).toBeGreaterThanOrEqual(before);
  });
});

describe('a service with a certificate', () => {
  it('may do what workers do, and nothing that people do', async () => {
    const files = makeCertificates(folder);
    const secured = await startTestRegistry({ identities, tls: { files, tokensSuffice: true } });
    const credentials = channelCredentials({ files });
    const queue = new WorkQueueClient(secured.address, credentials);
    const registry = new PoolRegistryClient(secured.address, credentials);
    try {
      const lease = call(queue.leaseWorkItem.bind(queue), { itemId: 'none', worker: 'x' }, { deadlineMs });
      expect(await refusal(lease)).toMatch(/^NOT_FOUND/);
      expect(await refusal(call(registry.listDatasets.bind(registry), page, { deadlineMs }))).toBe(
        'PERMISSION_DENIED NO_PERMISSION',
      );
    } finally {
      queue.close();
      registry.close();
      await secured.close();
    }
  });
});

describe('somebody who calls too often', () => {
  it('is told when to call again, and keeps nobody else waiting', async () => {
    const slow = await startTestRegistry({ identities: { ...identities, callRate: { perSecond: 1, burst: 3 } } });
    const boss = clientsOf(slow.address, identities.adminKey);
    const other = await makeKey(boss, 'maps', 'viewer');
    const program = clientsOf(slow.address, other.secret);
    try {
      await list(boss);
      await list(boss);
      await expect(list(boss)).rejects.toMatchObject({ code: 'RESOURCE_EXHAUSTED', reason: 'RATE_LIMITED' });
      await list(program);
    } finally {
      boss.close();
      program.close();
      await slow.close();
    }
  });
});

describe('a registry that asks nobody', () => {
  it('takes whoever reaches it for the owner, and writes down what they do', async () => {
    const unasked = await startTestRegistry();
    const anybody = clientsOf(unasked.address, '');
    try {
      expect(await whoAmI(anybody)).toMatchObject({ kind: 'owner', subject: 'owner', project: 'default', scope: '' });
      const { datasetId } = await importDataset(anybody.registry, tinyDataset());
      expect(datasetId).toMatch(/^tiny-/);
      const elsewhere = clientsOf(unasked.address, '', 'maps');
      expect((await importDataset(elsewhere.registry, tinyDataset())).datasetId).toBe(`maps_${datasetId}`);
      elsewhere.close();
      expect((await entries(anybody)).map(({ subject, method, target }) => [subject, method, target])).toContainEqual([
        ...['owner', 'cpral.v1.PoolRegistry/ImportDataset', 'displayName=Tiny'],
      ]);
    } finally {
      anybody.close();
      await unasked.close();
    }
  });
});
