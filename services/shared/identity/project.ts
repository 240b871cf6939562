// Projects keep what is one team's from another's. An id says its project: PROJECT_NAME, or NAME alone in the default one; names have no "_".
// Pure, so that whether somebody may ask for an id never depends on what there is.
import { invalid } from '../errors.ts';

export const DEFAULT_PROJECT = 'default';
/** Of a grant: every project. */
export const ALL_PROJECTS = '*';

const MARK = '_';
const PROJECT = /^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$/;

/** @throws INVALID_ARGUMENT naming the field */
export function checkProject(project: string, field: string): string {
  if (PROJECT.test(project)) return project;
  const expected = 'at most 20 lower-case letters, digits and hyphens, a letter first';
  throw invalid(`${field}: expected a project of ${expected}, got "${project.slice(0, 40)}"`, { field });
}

/** Of a dataset, a campaign, or anything of a campaign. */
export function projectOf(id: string): string {
  const mark = id.indexOf(MARK);
  return mark < 0 ? DEFAULT_PROJECT : id.slice(0, mark);
}

/** What the ids of a project begin with. */
export function prefixOf(project: string): string {
  return project === DEFAULT_PROJECT ? '' : `${project}${MARK}`;
}

/** The id that a name has in a project; one that has the project's mark already stays as it is. */
export function idInProject(project: string, name: string): string {
  const prefix = prefixOf(project);
  return name.startsWith(prefix) ? name : `${prefix}${name}`;
}
