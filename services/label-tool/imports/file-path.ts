// Paths that clients name, as paths inside a folder. Pure.
import path from 'node:path';
import { invalid } from '../../shared/errors.ts';

const MAX_LENGTH = 1_024;
const MAX_DEPTH = 16;
/** What file managers leave behind. */
const NOISE = /(^|\/)(__MACOSX|\.[^/]*|Thumbs\.db|desktop\.ini)(\/|$)/i;

/**
 * @returns the path, relative and with slashes; undefined for what no dataset has, such as hidden files
 * @throws INVALID_ARGUMENT for one that leads out of the folder or is no path
 */
export function safePath(name: string): string | undefined {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  const isOdd =
    name.length > MAX_LENGTH || parts.length > MAX_DEPTH || /[\\\0]/.test(name) || path.posix.isAbsolute(name);
  if (isOdd || parts.length === 0 || parts.includes('..')) {
    const shown = JSON.stringify(name.slice(0, 100));
    throw invalid(`file name ${shown}: expected a path inside the dataset's folder`, { field: 'filename' });
  }
  const joined = parts.join('/');
  return NOISE.test(joined) ? undefined : joined;
}

export type ArchiveKind = 'zip' | 'tar' | 'tar.gz';

export function archiveKind(name: string): ArchiveKind | undefined {
  if (/\.zip$/i.test(name)) return 'zip';
  if (/\.tar$/i.test(name)) return 'tar';
  return /\.(tar\.gz|tgz)$/i.test(name) ? 'tar.gz' : undefined;
}
