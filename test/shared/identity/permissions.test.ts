import type { DescMessage } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { methodsInTable, permissionOf } from '../../../services/shared/identity/permissions.ts';
import { ID_FIELDS } from '../../../services/shared/identity/request-names.ts';
import { type Permission, ROLES } from '../../../services/shared/identity/roles.ts';
import { METHODS, pathOf, SERVICES } from '../../support/any-method.ts';

/** Names that are no ids of a project: images are found through their dataset, a request's id is its caller's own. */
const OTHER_IDS = new Set(['requestId', 'imageId', 'imageIds']);

describe('the table of permissions', () => {
  it('has every method of every service of the protocol', () => {
    expect(SERVICES.length).toBeGreaterThan(8);
    expect(METHODS.map(pathOf).filter((path) => permissionOf(path) === undefined)).toEqual([]);
  });

  it('has no method that the protocol does not have', () => {
    const known = new Set(METHODS.map(pathOf));
    expect(methodsInTable().filter((path) => path.startsWith('/cpral.') && !known.has(path))).toEqual([]);
  });

  it.each(['/cpral.v1.PoolRegistry/DeleteCampaign', '/cpral.v1.Pool/GetCampaign', '/toString/call', '', '/', '//'])(
    'knows nothing of %j',
    (path) => {
      expect(permissionOf(path)).toBeUndefined();
    },
  );

  it('lets everybody ask for health and for the protocol, and for nothing else', () => {
    const open = methodsInTable().filter((path) => permissionOf(path) === 'anybody');
    expect(open.filter((path) => !path.startsWith('/grpc.'))).toEqual([]);
  });
});

describe('the fields with ids', () => {
  const named = (message: DescMessage) => message.fields.map(({ localName }) => localName);
  const isId = (name: string) => /Ids?$/.test(name);

  it('inside the messages of a request are none, but of what services tell each other', () => {
    const inside = (message: DescMessage): string[] =>
      message.fields.flatMap((field) => (field.message ? [...named(field.message), ...inside(field.message)] : []));
    const asked = METHODS.filter((method) => permissionOf(pathOf(method)) !== 'work');
    const ids = asked.flatMap(({ input }) => inside(input)).filter(isId);
    expect([...new Set(ids)].filter((name) => !OTHER_IDS.has(name))).toEqual([]);
  });

  it('are all that the requests of the protocol have, at their top', () => {
    const ids = METHODS.flatMap(({ input }) => named(input)).filter(isId);
    expect([...new Set(ids)].filter((name) => !OTHER_IDS.has(name)).sort()).toEqual(Object.keys(ID_FIELDS).sort());
  });
});

describe('roles', () => {
  const has = (role: keyof typeof ROLES, permission: Permission) =>
    (ROLES[role] as readonly Permission[]).includes(permission);

  it('of people have no work, and a worker has nothing of theirs', () => {
    for (const role of ['viewer', 'annotator', 'reviewer', 'operator', 'admin'] as const)
      expect(has(role, 'work'), role).toBe(false);
    expect(ROLES.worker).toEqual(['somebody', 'work']);
  });

  it.each<[Permission, string[]]>([
    ['look', ['viewer', 'reviewer', 'operator', 'admin']],
    ['label', ['annotator', 'reviewer', 'operator', 'admin']],
    ['review', ['reviewer', 'operator', 'admin']],
    ['operate', ['operator', 'admin']],
    ['administer', ['admin']],
  ])('give "%s" to %j', (permission, roles) => {
    expect(Object.keys(ROLES).filter((role) => has(role as keyof typeof ROLES, permission))).toEqual(roles);
  });
});
