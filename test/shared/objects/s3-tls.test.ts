// A store whose S3 server is talked to by https.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type S3Server, startS3 } from '../../../deploy/servers/s3.ts';
import { s3ObjectStore } from '../../../services/shared/objects/s3-object-store.ts';
import { parseS3Url } from '../../../services/shared/objects/s3-url.ts';
import { type Certificates, makeCertificates, trust, trustNobodyElse } from '../../support/certificates.ts';
import { s3Settings } from '../../support/s3.ts';

let folder: string;
let certificates: Certificates;
let s3: S3Server;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'cpral-s3-tls-'));
  certificates = makeCertificates(folder);
  trust(certificates);
  s3 = await startS3(folder, () => {}, certificates);
});
afterAll(async () => {
  await s3?.server.stop();
  await rm(folder, { recursive: true });
});

const opened = () => {
  const { url, credentials } = s3Settings({ CPRAL_OBJECTS_URL: s3.objectsUrl, ...s3.credentials });
  expect(parseS3Url(url).endpoint.protocol).toBe('https:');
  return s3ObjectStore(parseS3Url(url), credentials);
};

it('an S3 server with a certificate that is trusted takes objects, in parts too, and gives them back', async () => {
  const store = opened();
  for (const bytes of [Buffer.from('small'), Buffer.alloc(20 << 20, 'large')]) {
    const ref = await store.put(bytes);
    expect(bytes.equals(await store.get(ref))).toBe(true);
  }
});

it('one whose certificate nobody vouches for is told nothing', async () => {
  trustNobodyElse();
  await expect(opened().ready()).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    reason: 'OBJECT_STORE_UNAVAILABLE',
    cause: expect.objectContaining({ message: expect.stringMatching(/certificate/) }),
  });
});
