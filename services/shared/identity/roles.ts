// What a role may do. A role is a set of permissions, and a method needs one: no role is asked for anywhere else.

export type Permission =
  /** Whoever reaches the server: health, and what the protocol is. */
  | 'anybody'
  /** Whoever has any identity. */
  | 'somebody'
  /** See datasets, campaigns and what came of them. */
  | 'look'
  /** Objects of one's project, by digest. */
  | 'fetch'
  | 'store'
  /** Label what one is asked for. */
  | 'label'
  | 'review'
  /** Import, start, pause, resume, cancel, try again. */
  | 'operate'
  /** Keys and the audit log. */
  | 'administer'
  /** Lease and report work, and the workers' own doors. */
  | 'work';

const LOOK: readonly Permission[] = ['somebody', 'look', 'fetch'];
const LABEL: readonly Permission[] = ['somebody', 'fetch', 'store', 'label'];
const REVIEW: readonly Permission[] = [...LOOK, ...LABEL, 'review'];
const OPERATE: readonly Permission[] = [...REVIEW, 'operate'];

export const ROLES = {
  viewer: LOOK,
  // Not "look": ground truth is in what a viewer sees, and some tasks are given to be compared with it.
  annotator: LABEL,
  reviewer: REVIEW,
  operator: OPERATE,
  admin: [...OPERATE, 'administer'],
  worker: ['somebody', 'work'],
} as const satisfies Readonly<Record<string, readonly Permission[]>>;

export type Role = keyof typeof ROLES;

export const isRole = (name: string): name is Role => Object.hasOwn(ROLES, name);

/** In one role a person works for a project; a worker for all of them. */
export interface Grant {
  /** A project, or "*": all. */
  readonly project: string;
  readonly role: Role;
}
