// A store whose S3 server is killed, cut off and slow.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type S3Server, startS3 } from '../../../deploy/servers/s3.ts';
import { startToxiproxy, type Toxiproxy } from '../../../deploy/servers/toxiproxy.ts';
import type { OpenObjectStore } from '../../../services/shared/objects/object-store.ts';
import { s3ObjectStore } from '../../../services/shared/objects/s3-object-store.ts';
import { parseS3Url } from '../../../services/shared/objects/s3-url.ts';
import { s3Settings } from '../../support/s3.ts';

const BIG_BYTES = 40 << 20;

let folder: string;
let s3: S3Server;
let toxiproxy: Toxiproxy;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'cpral-s3-outage-'));
  s3 = await startS3(folder, () => {});
  toxiproxy = await startToxiproxy(folder, () => {});
});
afterAll(async () => {
  await toxiproxy.server.stop();
  await s3.server.stop();
  await rm(folder, { recursive: true });
});

function storeAt(port: number): OpenObjectStore {
  const environment = { CPRAL_OBJECTS_URL: s3.objectsUrl, ...s3.credentials };
  const { url, credentials } = s3Settings(environment);
  return s3ObjectStore(parseS3Url(url.replace(`${s3.server.port}`, `${port}`)), credentials);
}

describe('while the S3 server is away', () => {
  it('reads and writes wait for its restart and lose nothing', async () => {
    const store = storeAt(s3.server.port);
    const before = await store.put(randomBytes(1000));
    await s3.server.kill();
    const fresh = randomBytes(1000);
    const waiting = Promise.all([store.put(fresh), store.get(before)]);
    await expect(store.ready()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await s3.server.start();
    const [ref] = await waiting;
    expect(Buffer.from(await store.get(ref)).equals(fresh)).toBe(true);
    await store.ready();
  });

  it('for longer, says UNAVAILABLE, which NOT_FOUND is not', async () => {
    const proxy = await toxiproxy.proxy('away', s3.server.port);
    await proxy.cut();
    const ref = { digest: `sha256/${'0'.repeat(64)}`, sizeBytes: 1n };
    await expect(storeAt(proxy.port).get(ref)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      reason: 'OBJECT_STORE_UNAVAILABLE',
    });
  });
});

describe('an upload in parts', () => {
  it('that is cut in the middle ends with all of its bytes', async () => {
    const proxy = await toxiproxy.proxy('cut', s3.server.port);
    await proxy.delay(200);
    const store = storeAt(proxy.port);
    const bytes = randomBytes(BIG_BYTES);
    const uploading = store.put(bytes);
    const cutting = store.ready().then(() => proxy.cut());
    await cutting;
    await proxy.mend();
    await proxy.delay(0);
    expect(Buffer.from(await store.get(await uploading)).equals(bytes)).toBe(true);
  });
});

describe('a slow network', () => {
  it('costs time only', async () => {
    const proxy = await toxiproxy.proxy('slow', s3.server.port);
    await proxy.delay(500);
    const store = storeAt(proxy.port);
    const bytes = randomBytes(1000);
    expect(Buffer.from(await store.get(await store.put(bytes))).equals(bytes)).toBe(true);
  });
});
