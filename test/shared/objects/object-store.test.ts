// What every store promises, on a folder and on a real S3 server.
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'minio';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { folderObjectStore } from '../../../services/shared/objects/folder-object-store.ts';
import { digestOf, type OpenObjectStore } from '../../../services/shared/objects/object-store.ts';
import { s3ObjectStore } from '../../../services/shared/objects/s3-object-store.ts';
import { parseS3Url } from '../../../services/shared/objects/s3-url.ts';
import { s3Settings } from '../../support/s3.ts';

const MULTIPART_BYTES = 35 << 20;

interface Opened {
  readonly store: OpenObjectStore;
  /** Replaces what is stored under a digest, behind the store's back. */
  damage(digest: string): Promise<void>;
  close(): Promise<void>;
}

async function openFolder(): Promise<Opened> {
  const folder = await mkdtemp(path.join(tmpdir(), 'cpral-objects-'));
  const fileOf = (digest: string) => path.join(folder, digest.replace(/^sha256\/(..)/, 'sha256/$1/'));
  return {
    store: folderObjectStore(folder),
    damage: (digest) => truncate(fileOf(digest), 1),
    close: () => rm(folder, { recursive: true }),
  };
}

async function openS3(): Promise<Opened> {
  const { url, credentials } = s3Settings(inject('servers'), `/${randomUUID()}`);
  const location = parseS3Url(url);
  const { endpoint, bucket, prefix, region } = location;
  const client = new Client({
    ...credentials,
    endPoint: endpoint.hostname,
    port: Number(endpoint.port),
    useSSL: false,
    region,
  });
  const keyOf = (digest: string) => prefix + digest.replace(/^sha256\/(..)/, 'sha256/$1/');
  return {
    store: s3ObjectStore(location, credentials),
    damage: async (digest) => void (await client.putObject(bucket, keyOf(digest), Buffer.from('?'))),
    close: async () => {},
  };
}

describe.each([
  ['a folder', openFolder],
  ['an S3 server', openS3],
])('the store on %s', (_, open) => {
  let opened: Opened;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened.close());

  it('gives back what was put, under the digest of its content', async () => {
    const bytes = randomBytes(1000);
    const ref = await opened.store.put(bytes);
    expect(ref).toEqual({ digest: digestOf(bytes), sizeBytes: 1000n });
    expect(Buffer.from(await opened.store.get(ref)).equals(bytes)).toBe(true);
  });

  it('holds an object of no bytes', async () => {
    const ref = await opened.store.put(new Uint8Array());
    expect(await opened.store.get(ref)).toHaveLength(0);
  });

  it('holds an object of many parts, from the middle of a buffer', async () => {
    const bytes = randomBytes(MULTIPART_BYTES + 7).subarray(7);
    const ref = await opened.store.put(bytes);
    expect(Buffer.from(await opened.store.get(ref)).equals(bytes)).toBe(true);
  });

  it('takes equal bytes from many writers at once', async () => {
    const bytes = randomBytes(5000);
    const refs = await Promise.all(Array.from({ length: 16 }, () => opened.store.put(bytes)));
    expect(new Set(refs.map(({ digest }) => digest)).size).toBe(1);
    expect(Buffer.from(await opened.store.get(refs[0]!)).equals(bytes)).toBe(true);
  });

  it('says NOT_FOUND for what is not there', async () => {
    const ref = { digest: digestOf(randomBytes(8)), sizeBytes: 8n };
    await expect(opened.store.get(ref)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await opened.store.has(ref)).toBe(false);
  });

  it('knows what is there', async () => {
    expect(await opened.store.has(await opened.store.put(randomBytes(8)))).toBe(true);
  });

  it.each(['../../etc/passwd', 'sha256/', `sha256/${'A'.repeat(64)}`, ''])(
    'refuses the digest "%s"',
    async (digest) => {
      const refused = { code: 'INVALID_ARGUMENT', field: 'digest' };
      await expect(opened.store.get({ digest, sizeBytes: 1n })).rejects.toMatchObject(refused);
      await expect((async () => opened.store.has({ digest, sizeBytes: 1n }))()).rejects.toMatchObject(refused);
    },
  );

  it('says DATA_LOSS where the bytes are not those of the digest', async () => {
    const ref = await opened.store.put(randomBytes(100));
    await opened.damage(ref.digest);
    await expect(opened.store.get(ref)).rejects.toMatchObject({ code: 'DATA_LOSS' });
  });

  it('is ready', async () => {
    await opened.store.ready();
  });
});

describe('a damaged object in S3', () => {
  it('is mended by putting its bytes again', async () => {
    const { store, damage } = await openS3();
    const bytes = randomBytes(100);
    const ref = await store.put(bytes);
    await damage(ref.digest);
    await store.put(bytes);
    expect(Buffer.from(await store.get(ref)).equals(bytes)).toBe(true);
  });
});

describe('a store in S3', () => {
  it('without its bucket is refused, naming the option that makes one', async () => {
    const { url, credentials } = s3Settings(inject('servers'));
    const missing = parseS3Url(
      url.replace('s3://cpral', `s3://no-${randomUUID()}`).replace('create=true', 'create=false'),
    );
    const store = s3ObjectStore(missing, credentials);
    const refused = { code: 'FAILED_PRECONDITION', message: expect.stringContaining('create=true') };
    await expect(store.ready()).rejects.toMatchObject(refused);
    await expect(store.put(randomBytes(8))).rejects.toMatchObject(refused);
  });

  it('with a wrong key is refused at once, and the message does not hold the key', async () => {
    const { url, credentials } = s3Settings(inject('servers'));
    const store = s3ObjectStore(parseS3Url(url), { ...credentials, secretKey: 'wrong-secret-key' });
    const error = await store.put(randomBytes(8)).catch((cause: Error) => cause);
    expect(error).toMatchObject({ code: 'FAILED_PRECONDITION', reason: 'OBJECT_STORE_REFUSES' });
    expect((error as Error).message).not.toContain('wrong-secret-key');
  });
});
