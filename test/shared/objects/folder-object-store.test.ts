// What the folder does that S3 does not: files of its own, a disk that may be full.
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toFolderFailure } from '../../../services/shared/objects/folder-failures.ts';
import { folderObjectStore } from '../../../services/shared/objects/folder-object-store.ts';

const HOUR_MS = 3_600_000;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'cpral-folder-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function files(): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

describe('a folder whose disk takes no more', () => {
  it('is away for a while, and no half object stays in it', async () => {
    const script = path.resolve('test/support/put-large-object.ts');
    // The shell's limit on the size of a file, 512 bytes each: writing fails in the middle as it does on a full disk.
    const command = 'ulimit -f 8 && exec "$0" "$@"';
    const { stdout } = spawnSync('sh', ['-c', command, process.execPath, script, folder], { encoding: 'utf8' });
    expect(JSON.parse(stdout)).toMatchObject({
      code: 'UNAVAILABLE',
      reason: 'OBJECT_STORE_UNAVAILABLE',
      message: expect.stringMatching(/^object sha256.*: the folder of the object store is not available: EFBIG$/),
    });
    expect(await files()).toEqual([]);
  });

  it.each([
    ['ENOSPC', 'UNAVAILABLE', 'OBJECT_STORE_UNAVAILABLE'],
    ['EIO', 'UNAVAILABLE', 'OBJECT_STORE_UNAVAILABLE'],
    ['EMFILE', 'UNAVAILABLE', 'OBJECT_STORE_UNAVAILABLE'],
    ['EACCES', 'FAILED_PRECONDITION', 'OBJECT_STORE_REFUSES'],
    ['EROFS', 'FAILED_PRECONDITION', 'OBJECT_STORE_REFUSES'],
  ])('with %s answers %s', (errno, code, reason) => {
    const cause = Object.assign(new Error('write'), { code: errno });
    expect(toFolderFailure('object x', cause)).toMatchObject({ code, reason, message: expect.stringContaining(errno) });
  });
});

describe('a folder that is none', () => {
  it('refuses all that is asked of it, and is not ready', async () => {
    const file = path.join(folder, 'file');
    await writeFile(file, '');
    const store = folderObjectStore(file);
    const ref = { digest: `sha256/${'0'.repeat(64)}`, sizeBytes: 1n };
    const refused = { code: 'FAILED_PRECONDITION', reason: 'OBJECT_STORE_REFUSES' };
    await expect(store.put(Buffer.from('x'))).rejects.toMatchObject(refused);
    await expect(store.get(ref)).rejects.toMatchObject(refused);
    await expect(store.has(ref)).rejects.toMatchObject(refused);
    await expect(store.ready()).rejects.toMatchObject(refused);
  });
});

describe('parts of writers that were killed', () => {
  it('go when the folder is opened again, unless somebody may still be writing', async () => {
    const parts = path.join(folder, 'parts');
    await mkdir(parts);
    for (const name of ['old', 'new']) await writeFile(path.join(parts, name), 'half');
    const then = new Date(Date.now() - 2 * HOUR_MS);
    await utimes(path.join(parts, 'old'), then, then);
    await folderObjectStore(folder).ready();
    expect(await files()).toEqual(['new']);
  });
});
