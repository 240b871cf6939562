// Objects in a folder: sha256/ab/cdef..., written under a temporary name, synced, then renamed, so that a crash leaves no half object.
import { randomUUID } from 'node:crypto';
import { access, constants, type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ObjectRef } from '../../../proto/gen/cpral/v1/resources.ts';
import { CpralError } from '../errors.ts';
import { onceItSucceeds } from '../once-it-succeeds.ts';
import { toFolderFailure } from './folder-failures.ts';
import { checkDigest, digestOf, type OpenObjectStore, verify } from './object-store.ts';

/** Where objects are until they are whole. */
const PARTS = 'parts';
/** Whoever has written to a part for so long is gone. */
const STALE_PART_MS = 3_600_000;

export function folderObjectStore(folder: string): OpenObjectStore {
  const parts = path.join(folder, PARTS);
  const prepared = onceItSucceeds(() => prepare(parts));
  const pathOf = (digest: string) => {
    const hex = checkDigest(digest).slice('sha256/'.length);
    return path.join(folder, 'sha256', hex.slice(0, 2), hex.slice(2));
  };

  return {
    async put(bytes) {
      const digest = digestOf(bytes);
      const file = pathOf(digest);
      await explained(`object ${digest}`, async () => {
        if (await exists(file)) return;
        await prepared();
        await writeDurably(file, path.join(parts, randomUUID()), bytes);
      });
      return { digest, sizeBytes: BigInt(bytes.length) };
    },
    async get(ref: ObjectRef) {
      const file = pathOf(ref.digest);
      const what = `object ${ref.digest}`;
      const bytes = await explained(what, () => readFile(file).catch(ifAbsent(undefined)));
      if (bytes === undefined) throw new CpralError('NOT_FOUND', `${what} is not in the store`);
      return verify(ref, bytes);
    },
    async has({ digest }) {
      const file = pathOf(digest);
      return explained(`object ${digest}`, () => exists(file));
    },
    async ready() {
      await explained('the folder of objects', async () => {
        await prepared();
        await access(parts, constants.R_OK | constants.W_OK);
      });
    },
  };
}

/** Makes what is missing, and removes what writers left that were killed. */
async function prepare(parts: string): Promise<void> {
  await mkdir(parts, { recursive: true });
  for (const name of await readdir(parts)) {
    const part = path.join(parts, name);
    const { mtimeMs } = await stat(part).catch(ifAbsent({ mtimeMs: Number.POSITIVE_INFINITY }));
    if (Date.now() - mtimeMs > STALE_PART_MS) await rm(part, { force: true });
  }
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(() => true, ifAbsent(false));
}

async function writeDurably(file: string, part: string, bytes: Uint8Array): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  try {
    await synced(part, 'wx', (handle) => handle.writeFile(bytes));
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true }).catch(() => {});
    throw error;
  }
  // The rename is durable only once the folder is.
  await synced(path.dirname(file), 'r', async () => {});
}

async function synced(file: string, flags: string, work: (handle: FileHandle) => Promise<void>): Promise<void> {
  const handle = await open(file, flags);
  try {
    await work(handle);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function explained<T>(what: string, work: () => Promise<T>): Promise<T> {
  return work().catch((error) => {
    throw toFolderFailure(what, error);
  });
}

/** @returns for `catch`: what a missing file counts as */
function ifAbsent<T>(value: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code !== 'ENOENT') throw error;
    return value;
  };
}
