// Which files are sent, and in which requests. Pure.
import type { UploadFile } from '../../client/upload-file.ts';

/** Systems leave them in folders; no dataset has them. */
const LITTER = /(^|\/)(\.|__MACOSX\/|Thumbs\.db$)/;

/** One request has at most so many files, and bytes unless it is one file. */
const MOST_FILES = 64;
const MOST_BYTES = 32 * 1024 * 1024;

export function withoutLitter(files: readonly UploadFile[]): readonly UploadFile[] {
  return files.filter(({ path }) => !LITTER.test(path));
}

export function batchesOf(files: readonly UploadFile[]): readonly (readonly UploadFile[])[] {
  const batches: UploadFile[][] = [];
  let bytes = 0;
  for (const each of files) {
    const last = batches.at(-1);
    if (last && last.length < MOST_FILES && bytes + each.file.size <= MOST_BYTES) last.push(each);
    else {
      batches.push([each]);
      bytes = 0;
    }
    bytes += each.file.size;
  }
  return batches;
}
