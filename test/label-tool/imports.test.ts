import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Split } from '../../proto/gen/cpral/v1/resources.ts';
import type { DatasetList, ImportStatus } from '../../services/label-tool/dashboard-types.ts';
import { archiveKind, safePath } from '../../services/label-tool/imports/file-path.ts';
import { createImports } from '../../services/label-tool/imports/imports.ts';
import { makeUploadFolder } from '../../services/label-tool/imports/upload-folder.ts';
import { call } from '../../services/shared/grpc/client.ts';
import { encodeMask, encodeRgb } from '../../services/shared/images/images.ts';
import { startTestRegistry, type TestRegistry } from '../support/registry.ts';
import { startTestLabelTool, type TestLabelTool } from './support/label-tool.ts';
import { readEvents } from './support/read-events.ts';
import { zipOf } from './support/zip.ts';

const SIZE = { height: 4, width: 6 };
let registry: TestRegistry;
let tool: TestLabelTool;

beforeAll(async () => {
  registry = await startTestRegistry();
  tool = await startTestLabelTool(registry.address);
});
afterAll(async () => {
  await tool.close();
  await registry.close();
});

/** A folder of the format masks, by path. */
async function masks(shade = 10): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>([['classes.txt', Buffer.from('road\nsky\n')]]);
  for (const [split, count] of [
    ['train', 3],
    ['val', 1],
  ] as const) {
    for (let i = 0; i < count; i++) {
      const data = new Uint8Array(4 * 6 * 3).fill(shade + i);
      files.set(`${split}/images/${i}.png`, await encodeRgb({ ...SIZE, data }));
      files.set(
        `${split}/labels/${i}.png`,
        await encodeMask({ ...SIZE, data: new Uint8Array(24).map((_, at) => at % 2) }),
      );
    }
  }
  return files;
}

const begin = (displayName = 'Mine') => tool.post<ImportStatus>('/imports', { format: 'masks', displayName });

function formOf(files: Iterable<readonly [string, Uint8Array]>): FormData {
  const form = new FormData();
  for (const [name, bytes] of files) form.append('file', new Blob([Uint8Array.from(bytes)]), name);
  return form;
}

const send = (importId: string, files: Iterable<readonly [string, Uint8Array]>) =>
  tool.ask(`/imports/${importId}/files`, { body: formOf(files) });

async function imported(importId: string): Promise<ImportStatus> {
  await tool.post(`/imports/${importId}/start`, {});
  let last: ImportStatus | undefined;
  for await (const { event, data } of readEvents(await tool.ask(`/imports/${importId}/events`))) {
    expect(event).toBe('import');
    last = data as ImportStatus;
  }
  return last!;
}

describe('an import', () => {
  it('of files in a common folder becomes a dataset of the registry, and leaves nothing on the disk', async () => {
    const { importId, state } = await begin();
    expect(state).toBe('receiving');
    const files = [...(await masks())].map(([name, bytes]) => [`my dataset/${name}`, bytes] as const);
    const half = await (await send(importId, files.slice(0, 5))).json();
    expect(half).toMatchObject({ files: 5 });
    expect(await (await send(importId, files.slice(5))).json()).toMatchObject({
      files: files.length,
      bytes: files.reduce((sum, [, bytes]) => sum + bytes.length, 0),
    });
    const done = await imported(importId);
    expect(done).toMatchObject({ state: 'succeeded', imagesDone: 4, imagesTotal: 4, existed: false, error: '' });
    const { datasets } = await tool.get<DatasetList>('/datasets');
    expect(datasets).toMatchObject([
      { datasetId: done.datasetId, displayName: 'Mine', trainImages: 3, valImages: 1, size: SIZE },
    ]);
    const { registry: pool } = registry;
    const request = {
      datasetId: done.datasetId!,
      split: Split.SPLIT_UNSPECIFIED,
      imageIds: ['train/1'],
      pageSize: 0,
      pageToken: '',
    };
    const { images } = await call(pool.listDatasetImages.bind(pool), request, { deadlineMs: 10_000 });
    const sent = files.find(([name]) => name.endsWith('train/images/1.png'))![1];
    expect(images.map(({ image }) => image?.digest)).toEqual([
      `sha256/${createHash('sha256').update(sent).digest('hex')}`,
    ]);
    expect(await readdir(tool.folder)).toEqual([]);
  });

  it('of the same files again finds the same dataset, from any archive', async () => {
    const first = await begin('Same');
    await send(first.importId, await masks(50));
    const { datasetId } = await imported(first.importId);
    const tar = await tarOf(await masks(50));
    const archives: [string, Uint8Array][] = [
      ['a.zip', zipOf(await masks(50))],
      ['a.tar', tar],
      ['a.tgz', gzipSync(tar)],
    ];
    for (const archive of archives) {
      const { importId } = await begin('Same');
      expect((await send(importId, [archive])).status, archive[0]).toBe(200);
      expect(await imported(importId), archive[0]).toMatchObject({ state: 'succeeded', datasetId, existed: true });
    }
  });

  it('that cannot be read fails with the file in the sender’s words, and no dataset is there', async () => {
    const before = (await tool.get<DatasetList>('/datasets')).datasets.length;
    const { importId } = await begin('Broken');
    const files = await masks(90);
    files.set('train/labels/2.png', await encodeMask({ ...SIZE, data: new Uint8Array(24).fill(7) }));
    await send(importId, files);
    const failed = await imported(importId);
    expect(failed).toMatchObject({ state: 'failed', datasetId: null });
    expect(failed.error).toMatch(/^train\/labels\/2\.png: expected the label ids 0-1, 255, got 7/);
    expect(failed.error).not.toContain(tool.folder);
    expect((await tool.get<DatasetList>('/datasets')).datasets).toHaveLength(before);
    expect(await readdir(tool.folder)).toEqual([]);
  });

  it('of nothing fails and says what was expected', async () => {
    const { importId } = await begin();
    expect(await imported(importId)).toMatchObject({ state: 'failed', error: expect.stringContaining('expected') });
  });

  it('that is cancelled deletes what was received, and takes no more', async () => {
    const { importId } = await begin();
    await send(importId, await masks());
    expect(await readdir(tool.folder)).toHaveLength(1);
    expect((await tool.ask(`/imports/${importId}`, { method: 'DELETE' })).status).toBe(204);
    expect(await readdir(tool.folder)).toEqual([]);
    expect(await tool.get(`/imports/${importId}`)).toMatchObject({ state: 'cancelled' });
    expect((await send(importId, await masks())).status).toBe(409);
    expect(await tool.refusal(`/imports/${importId}/start`, { json: {} })).toMatchObject({ status: 409 });
  });

  it('is one of few at a time', async () => {
    const begun = [];
    for (let i = 0; i < 4; i++) begun.push(await begin());
    expect(await tool.refusal('/imports', { json: { format: 'masks', displayName: 'One more' } })).toMatchObject({
      status: 429,
    });
    for (const { importId } of begun) await tool.ask(`/imports/${importId}`, { method: 'DELETE' });
  });

  it.each([
    [{ format: 'zip', displayName: 'X' }, 'format'],
    [{ format: 'masks', displayName: '' }, 'displayName'],
    [{ format: 'masks', displayName: '   ' }, 'displayName'],
    [{ format: 'masks' }, 'displayName'],
  ])('is not begun by %j', async (json, field) => {
    expect(await tool.refusal('/imports', { json })).toMatchObject({ status: 400, field });
  });

  it('that is not there is a problem', async () => {
    expect(await tool.refusal('/imports/nothing')).toMatchObject({ status: 404 });
    expect(await tool.refusal('/imports/nothing/events')).toMatchObject({ status: 404 });
    expect((await send('nothing', await masks())).status).toBe(404);
  });

  it('takes nothing but forms of files', async () => {
    const { importId } = await begin();
    expect(await tool.refusal(`/imports/${importId}/files`, { json: {} })).toMatchObject({ status: 415 });
    await tool.ask(`/imports/${importId}`, { method: 'DELETE' });
  });
});

describe('files that mean harm', () => {
  it.each([
    ['../out.png'],
    ['train/../../out.png'],
    ['/etc/passwd'],
    ['a\\b.png'],
    ['a\0b.png'],
    [`${'a/'.repeat(20)}b.png`],
    ['x'.repeat(2_000)],
    [''],
    ['.'],
  ])('have no path in the dataset: %j', (name) => {
    expect(() => safePath(name)).toThrow('expected a path inside');
  });

  it('hidden files and what file managers leave are passed over', () => {
    for (const name of ['.DS_Store', 'train/._1.png', '__MACOSX/a.png', 'train/Thumbs.db'])
      expect(safePath(name)).toBeUndefined();
    expect(safePath('./train//images/1.png')).toBe('train/images/1.png');
    expect(['a.ZIP', 'a.tar.gz', 'a.tgz', 'a.tar', 'a.png'].map(archiveKind)).toEqual([
      'zip',
      'tar.gz',
      'tar.gz',
      'tar',
      undefined,
    ]);
  });

  it.each([
    ['a zip that leads out of its folder', async () => ['a.zip', zipOf(new Map([['../out.txt', Buffer.from('x')]]))]],
    ['a zip that is cut off', async () => ['a.zip', zipOf(await masks()).subarray(0, 200)]],
    [
      'a tar with a link',
      async () => ['a.tar', await tarOf(new Map(), { name: 'link', type: 'symlink', linkname: '/etc' })],
    ],
    [
      'a tar that leads out of its folder',
      async () => ['a.tar', await tarOf(new Map([['../out.txt', Buffer.from('x')]]))],
    ],
    ['a gzip of noise', async () => ['a.tgz', Buffer.from('this is no gzip')]],
  ] as const)('%s is refused', async (_, make) => {
    const { importId } = await begin();
    const [name, bytes] = (await make()) as [string, Uint8Array];
    const response = await send(importId, [[name, bytes]]);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ field: 'filename' });
    await tool.ask(`/imports/${importId}`, { method: 'DELETE' });
  });

  it('the same file twice is refused', async () => {
    const { importId } = await begin();
    const file = ['a.png', Buffer.from('x')] as const;
    expect((await send(importId, [file, file])).status).toBe(409);
    await tool.ask(`/imports/${importId}`, { method: 'DELETE' });
  });

  it('a file that does not come whole is as if it had never been sent', async () => {
    const folder = await makeUploadFolder(tool.folder, { maxBytes: 1_000, maxFiles: 2 });
    const { signal } = new AbortController();
    const broken = Readable.from(
      (async function* () {
        yield Buffer.from('half of it');
        throw new Error('the client went away');
      })(),
    );
    await expect(folder.receive('a.png', broken, signal)).rejects.toThrow('the client went away');
    expect(folder.counts).toEqual({ files: 0, bytes: 0 });
    await folder.receive('a.png', Readable.from([Buffer.from('all of it')]), signal);
    expect(folder.counts).toEqual({ files: 1, bytes: 9 });
    await expect(folder.receive('a.png/b.png', Readable.from([Buffer.from('x')]), signal)).rejects.toThrow(
      'was received before',
    );
    await folder.remove();
  });

  it('a file may be larger than any other body', async () => {
    const { importId } = await begin();
    const large = new Uint8Array(3 << 20).fill(7);
    const response = await send(importId, [['large.png', large]]);
    expect(await response.json()).toMatchObject({ files: 1, bytes: large.length });
    await tool.ask(`/imports/${importId}`, { method: 'DELETE' });
  });

  it('an archive that unpacks beyond the limit fills no disk', async () => {
    const folder = await makeUploadFolder(tool.folder, { maxBytes: 100_000, maxFiles: 10 });
    try {
      const bomb = zipOf(new Map([['zeros', new Uint8Array(10_000_000)]]));
      expect(bomb.length).toBeLessThan(50_000);
      const signal = new AbortController().signal;
      await expect(folder.receive('bomb.zip', Readable.from([bomb]), signal)).rejects.toThrow(
        'expected at most 100000 bytes',
      );
      const many = zipOf(new Map(Array.from({ length: 11 }, (_, i) => [`${i}.txt`, Buffer.from('x')] as const)));
      const other = await makeUploadFolder(tool.folder, { maxBytes: 100_000, maxFiles: 10 });
      await expect(other.receive('many.zip', Readable.from([many]), signal)).rejects.toThrow(
        'expected at most 10 files',
      );
      await other.remove();
    } finally {
      await folder.remove();
    }
  });

  it('an upload that nobody goes on with is given up', async () => {
    const stopping = new AbortController();
    const imports = createImports({
      registry: undefined as never,
      folder: tool.folder,
      log: undefined as never,
      stopping: stopping.signal,
      idleMs: 10,
    });
    const { importId } = await imports.begin({ format: 'masks', displayName: 'X' });
    const states = [];
    for await (const { data } of imports.events(importId)(stopping.signal)) states.push((data as ImportStatus).state);
    expect(states.at(-1)).toBe('cancelled');
    await imports.close();
  });
});

function tarOf(
  files: ReadonlyMap<string, Uint8Array>,
  entry?: { name: string; type: 'symlink'; linkname: string },
): Promise<Buffer> {
  const tar = pack();
  for (const [name, bytes] of files) tar.entry({ name }, Buffer.from(bytes));
  if (entry) tar.entry(entry);
  tar.finalize();
  return buffer(tar);
}
