// What a failed call to the file system means: the settings are wrong, or the disk is full or fails and may recover.
import { CpralError } from '../errors.ts';

/** Only a person can mend these. */
const SETTINGS = new Set(['EACCES', 'EEXIST', 'EISDIR', 'ELOOP', 'ENAMETOOLONG', 'ENOTDIR', 'EPERM', 'EROFS']);

/** @param what was to be read or written */
export function toFolderFailure(what: string, cause: NodeJS.ErrnoException): CpralError {
  const { code = cause.message } = cause;
  if (SETTINGS.has(code)) {
    return new CpralError('FAILED_PRECONDITION', `${what}: the folder of the object store refuses it: ${code}`, {
      reason: 'OBJECT_STORE_REFUSES',
      cause,
    });
  }
  return new CpralError('UNAVAILABLE', `${what}: the folder of the object store is not available: ${code}`, {
    reason: 'OBJECT_STORE_UNAVAILABLE',
    cause,
  });
}
