// Who calls, in which project, and what they may do there. It goes with the flow of control, so that whatever lists or makes things can ask.
import { AsyncLocalStorage } from 'node:async_hooks';
import { CpralError, invalid } from '../errors.ts';
import { ALL_PROJECTS, DEFAULT_PROJECT, projectOf } from './project.ts';
import { type Grant, type Permission, ROLES } from './roles.ts';

export interface Identity {
  readonly kind: 'person' | 'program' | 'service' | 'owner';
  /** Who, as the audit log and people's tasks have it. */
  readonly subject: string;
  readonly grants: readonly Grant[];
}

export interface Caller {
  readonly kind: Identity['kind'];
  readonly subject: string;
  /** Where what is made belongs to. */
  readonly project: string;
  /** What can be seen: one project's, or, where undefined, all. */
  readonly scope: string | undefined;
  readonly permissions: ReadonlySet<Permission>;
}

/** Whoever works without any identity being asked for: the process itself, and callers of a server that is open. */
export const OWNER_IDENTITY: Identity = {
  kind: 'owner',
  subject: 'owner',
  grants: [
    { project: ALL_PROJECTS, role: 'admin' },
    { project: ALL_PROJECTS, role: 'worker' },
  ],
};

const callers = new AsyncLocalStorage<Caller>();

export function asCaller<T>(caller: Caller, work: () => T): T {
  return callers.run(caller, work);
}

export function callerNow(): Caller {
  return callers.getStore() ?? OWNER;
}

/**
 * @param wanted the project that the call names; empty: the only one, or the default one
 * @throws PERMISSION_DENIED where the identity has no role in it, whether or not there is anything in it
 */
export function callerIn({ kind, subject, grants }: Identity, wanted = ''): Caller {
  const everywhere = grants.filter(({ project }) => project === ALL_PROJECTS);
  if (wanted === '' && everywhere.length > 0) {
    return { kind, subject, project: DEFAULT_PROJECT, scope: undefined, permissions: permissionsOf(everywhere) };
  }
  const project = wanted || soleProject(grants);
  const here = grants.filter((grant) => grant.project === project);
  if (here.length + everywhere.length === 0) {
    throw new CpralError('PERMISSION_DENIED', `project "${project.slice(0, 40)}": expected a role in it, got none`, {
      field: 'cpral-project',
      reason: 'NO_ROLE',
    });
  }
  return { kind, subject, project, scope: project, permissions: permissionsOf([...here, ...everywhere]) };
}

export function maySee({ scope }: Caller, id: string): boolean {
  return scope === undefined || projectOf(id) === scope;
}

function soleProject(grants: readonly Grant[]): string {
  const projects = [...new Set(grants.map(({ project }) => project))];
  if (projects.length === 1) return projects[0]!;
  if (projects.length === 0 || projects.includes(DEFAULT_PROJECT)) return DEFAULT_PROJECT;
  throw invalid(`cpral-project: expected one of ${projects.sort().join(', ')}, got none`, { field: 'cpral-project' });
}

function permissionsOf(grants: readonly Grant[]): ReadonlySet<Permission> {
  return new Set<Permission>(['anybody', ...grants.flatMap(({ role }): readonly Permission[] => ROLES[role])]);
}

export const OWNER: Caller = callerIn(OWNER_IDENTITY);
