// What equal work is known by: done once, in whatever campaign of a project, its result serves all of them.
import { createHash } from 'node:crypto';
import { WorkSpec } from '../../../proto/gen/cpral/v1/work.ts';
import { DEFAULT_PROJECT, prefixOf } from '../../shared/identity/project.ts';

/**
 * Raise it whenever equal specifications come to other results than before, or results hold something new: what an earlier version
 * of the services made is then made again.
 */
const RESULT_FORMAT = 2;

export function workDigest(spec: WorkSpec, project = DEFAULT_PROJECT): string {
  return createHash('sha256')
    .update(`${RESULT_FORMAT}/${prefixOf(project)}`)
    .update(WorkSpec.encode(spec).finish())
    .digest('hex');
}
