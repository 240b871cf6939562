// Objects in any S3 server: PREFIX/sha256/ab/cdef..., complete or not there at all. A write is tried again while the server is away, for
// some seconds: equal bytes under their own digest can be written twice without harm.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'minio';
import type { ObjectRef } from '../../../proto/gen/cpral/v1/resources.ts';
import { onceItSucceeds } from '../once-it-succeeds.ts';
import { checkDigest, digestOf, type OpenObjectStore, verify } from './object-store.ts';
import { createS3Client, PART_BYTES } from './s3-client.ts';
import type { S3Credentials } from './s3-credentials.ts';
import { isAbsent, isThere, toS3Failure } from './s3-failures.ts';
import { honoursConditions, requireBucket } from './s3-preparation.ts';
import type { S3Location } from './s3-url.ts';

/** With the back-off, some 10 seconds: a server's restart. */
const MAX_ATTEMPTS = 8;
const BACK_OFF_MS = 100;
const MAX_BACK_OFF_MS = 3_000;

export function s3ObjectStore(location: S3Location, credentials: S3Credentials): OpenObjectStore {
  const { bucket, prefix } = location;
  const client = createS3Client(location, credentials);
  const prepared = onceItSucceeds(async () => {
    await requireBucket(client, location);
    return { conditional: await honoursConditions(client, location) };
  });
  const keyOf = (digest: string) => {
    const hex = checkDigest(digest).slice('sha256/'.length);
    return `${prefix}sha256/${hex.slice(0, 2)}/${hex.slice(2)}`;
  };
  const sizeOf = (key: string) =>
    client.statObject(bucket, key).then(
      ({ size }) => size,
      (error) => {
        if (isAbsent(error)) return undefined;
        throw error;
      },
    );

  return {
    async put(bytes) {
      const digest = digestOf(bytes);
      const key = keyOf(digest);
      await patiently(`object ${digest}`, async () => {
        const { conditional } = await prepared();
        const size = await sizeOf(key);
        // One of another size is damaged, and mended by what should stand there.
        if (size !== bytes.length)
          await write(client, { bucket, key, bytes, onlyIfAbsent: conditional && size === undefined });
      });
      return { digest, sizeBytes: BigInt(bytes.length) };
    },
    async get(ref: ObjectRef) {
      const key = keyOf(ref.digest);
      const bytes = await patiently(`object ${ref.digest}`, async () => {
        await prepared();
        return read(client, bucket, key);
      });
      return verify(ref, bytes);
    },
    async has(ref) {
      const key = keyOf(ref.digest);
      return patiently(`object ${ref.digest}`, async () => {
        await prepared();
        return (await sizeOf(key)) !== undefined;
      });
    },
    async ready() {
      await prepared()
        .then(() => requireBucket(client, location))
        .catch((error) => {
          throw toS3Failure(`bucket "${bucket}"`, error);
        });
    },
  };
}

interface Write {
  readonly bucket: string;
  readonly key: string;
  readonly bytes: Uint8Array;
  /** Spares the server a write that another client has just done. */
  readonly onlyIfAbsent: boolean;
}

async function write(client: Client, { bucket, key, bytes, onlyIfAbsent }: Write): Promise<void> {
  // In parts, conditions are not for every server; equal bytes may be written twice.
  const condition = onlyIfAbsent && bytes.length <= PART_BYTES ? { 'If-None-Match': '*' } : {};
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const headers = { 'Content-Type': 'application/octet-stream', ...condition };
  await client.putObject(bucket, key, body, body.length, headers).catch((error) => {
    if (!isThere(error)) throw error;
  });
}

async function read(client: Client, bucket: string, key: string): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of await client.getObject(bucket, key)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Tries again while the store is away; what is absent or refused is so at once. */
async function patiently<T>(what: string, attempt: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await attempt();
    } catch (error) {
      const failure = toS3Failure(what, error);
      if (failure.code !== 'UNAVAILABLE' || tried >= MAX_ATTEMPTS) throw failure;
      await sleep(Math.min(BACK_OFF_MS * 2 ** tried, MAX_BACK_OFF_MS) * (0.5 + Math.random()));
    }
  }
}
