// A folder that files are received into, with limits on all of them together: an archive that unpacks without end fills no disk.
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { type Entry, openPromise } from 'yauzl';
import { CpralError, invalid } from '../../shared/errors.ts';
import { archiveKind, safePath } from './file-path.ts';

export interface UploadLimits {
  readonly maxBytes: number;
  readonly maxFiles: number;
}

export interface UploadFolder {
  readonly counts: { files: number; bytes: number };
  /** Writes a file, or unpacks an archive. */
  receive(name: string, content: Readable, signal: AbortSignal): Promise<void>;
  /** Where the dataset begins: a folder that holds nothing but one folder is passed. */
  root(): Promise<string>;
  remove(): Promise<void>;
}

export async function makeUploadFolder(parent: string, { maxBytes, maxFiles }: UploadLimits): Promise<UploadFolder> {
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(path.join(parent, 'cpral-import-'));
  const files = path.join(folder, 'files');
  await mkdir(files);
  const counts = { files: 0, bytes: 0 };
  let archives = 0;

  /** Writes a new file, counting what passes; one that does not come whole is as if it had never been sent. */
  async function writeNew(file: string, content: Readable, signal: AbortSignal): Promise<number> {
    let own = 0;
    const counted = new Transform({
      transform(chunk: Buffer, _, done) {
        own += chunk.length;
        counts.bytes += chunk.length;
        if (counts.bytes > maxBytes) done(tooLarge(`at most ${maxBytes} bytes`));
        else done(null, chunk);
      },
    });
    try {
      await pipeline(content, counted, createWriteStream(file, { flags: 'wx' }), { signal });
      return own;
    } catch (error) {
      counts.bytes -= own;
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') await rm(file, { force: true });
      throw error;
    }
  }

  async function write(name: string, content: Readable, signal: AbortSignal): Promise<void> {
    const relative = safePath(name);
    if (relative === undefined) return void content.resume();
    if (counts.files >= maxFiles) throw tooLarge(`at most ${maxFiles} files`);
    const file = path.join(files, ...relative.split('/'));
    counts.files++;
    try {
      await mkdir(path.dirname(file), { recursive: true });
      await writeNew(file, content, signal);
    } catch (error) {
      counts.files--;
      const cause = error as NodeJS.ErrnoException;
      if (cause.code !== 'EEXIST' && cause.code !== 'ENOTDIR') throw error;
      throw new CpralError(
        'ALREADY_EXISTS',
        `file ${relative}: it, or a file where it wants a folder, was received before`,
        {
          field: 'filename',
          cause,
        },
      );
    }
  }

  /** A zip's contents are at its end, so it is kept until it is unpacked. */
  async function unzip(content: Readable, signal: AbortSignal): Promise<void> {
    const archive = path.join(folder, `archive-${archives++}.zip`);
    counts.bytes -= await writeNew(archive, content, signal);
    try {
      const zip = await openPromise(archive, { validateEntrySizes: true, strictFileNames: true });
      try {
        for await (const entry of zip.eachEntry()) {
          if (!isZipFolder(entry)) await write(entry.fileName, await zip.openReadStreamPromise(entry), signal);
        }
      } finally {
        zip.close();
      }
    } finally {
      await rm(archive);
    }
  }

  async function untar(content: Readable, isZipped: boolean, signal: AbortSignal): Promise<void> {
    const entries = extract();
    const unpacking = isZipped
      ? pipeline(content, createGunzip(), entries, { signal })
      : pipeline(content, entries, { signal });
    // Its failure ends the loop below.
    unpacking.catch((error: Error) => entries.destroy(error));
    for await (const entry of entries) {
      const { name, type } = entry.header;
      if (type === 'file' || type === 'contiguous-file') await write(name, entry as unknown as Readable, signal);
      else if (type === 'directory') entry.resume();
      else
        throw invalid(`archive: expected files and folders, got the ${type} ${JSON.stringify(name.slice(0, 100))}`, {
          field: 'filename',
        });
    }
    await unpacking;
  }

  return {
    counts,
    async receive(name, content, signal) {
      const kind = archiveKind(name);
      if (kind === undefined) return write(name, content, signal);
      try {
        await (kind === 'zip' ? unzip(content, signal) : untar(content, kind === 'tar.gz', signal));
      } catch (cause) {
        if (cause instanceof CpralError || signal.aborted) throw cause;
        throw invalid(`archive: expected a whole ${kind}, got damaged data`, { field: 'filename', cause });
      }
    },
    async root() {
      let root = files;
      for (;;) {
        const entries = await readdir(root, { withFileTypes: true });
        const [only] = entries;
        if (entries.length !== 1 || !only?.isDirectory()) return root;
        root = path.join(root, only.name);
      }
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

const isZipFolder = ({ fileName }: Entry) => fileName.endsWith('/');

const tooLarge = (expected: string) =>
  new CpralError('INVALID_ARGUMENT', `import: expected ${expected}, got more`, { field: 'file', reason: 'TOO_LARGE' });
