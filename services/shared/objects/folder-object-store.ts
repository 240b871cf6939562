// Objects in a folder: sha256/ab/cdef..., written under a temporary name, synced, then renamed, so that a crash leaves no half object.
import { randomUUID } from 'node:crypto';
import { access, constants, mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ObjectRef } from '../../../proto/gen/cpral/v1/resources.ts';
import { CpralError } from '../errors.ts';
import { checkDigest, digestOf, type OpenObjectStore, verify } from './object-store.ts';

export function folderObjectStore(folder: string): OpenObjectStore {
  const pathOf = (digest: string) => {
    const hex = checkDigest(digest).slice('sha256/'.length);
    return path.join(folder, 'sha256', hex.slice(0, 2), hex.slice(2));
  };

  const exists = async (file: string) => (await stat(file).catch(() => undefined)) !== undefined;

  return {
    async put(bytes) {
      const digest = digestOf(bytes);
      const file = pathOf(digest);
      if (!(await exists(file))) await writeDurably(file, bytes);
      return { digest, sizeBytes: BigInt(bytes.length) };
    },
    async get(ref: ObjectRef) {
      const bytes = await readFile(pathOf(ref.digest)).catch((cause: NodeJS.ErrnoException) => {
        if (cause.code !== 'ENOENT') throw cause;
        throw new CpralError('NOT_FOUND', `object ${ref.digest} is not in the store`, { cause });
      });
      return verify(ref, bytes);
    },
    has: (ref) => exists(pathOf(ref.digest)),
    async ready() {
      try {
        await mkdir(folder, { recursive: true });
        await access(folder, constants.R_OK | constants.W_OK);
      } catch (cause) {
        throw new CpralError('FAILED_PRECONDITION', `the folder of objects "${folder}" cannot be written`, { cause });
      }
    },
  };
}

async function writeDurably(file: string, bytes: Uint8Array): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const temporary = `${file}.${randomUUID()}.part`;
  const handle = await open(temporary, 'wx');
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
  // The rename is durable only once the folder is.
  const directory = await open(path.dirname(file), 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
