// What the store asks once before it is used: whether the bucket is there, and whether the server honours conditional writes.
import { type Client, S3Error } from 'minio';
import { CpralError } from '../errors.ts';
import { isThere } from './s3-failures.ts';
import type { S3Location } from './s3-url.ts';

const PROBE_KEY = '.conditional-write-probe';
const UNKNOWN_CONDITION = new Set(['NotImplemented', 'MethodNotAllowed', 'InvalidArgument', 'InvalidRequest']);

export async function requireBucket(client: Client, { bucket, region, create }: S3Location): Promise<void> {
  if (await client.bucketExists(bucket)) return;
  if (!create) {
    throw new CpralError(
      'FAILED_PRECONDITION',
      `bucket "${bucket}" does not exist; create=true in CPRAL_OBJECTS_URL makes it`,
      {
        field: 'CPRAL_OBJECTS_URL',
        reason: 'NO_BUCKET',
      },
    );
  }
  await client.makeBucket(bucket, region).catch((error) => {
    // Another service was faster.
    if (!(error instanceof S3Error && error.code === 'BucketAlreadyOwnedByYou')) throw error;
  });
}

/** Writes a key only if it is absent, twice: a server that knows the condition refuses the second one. */
export async function honoursConditions(client: Client, { bucket, prefix }: S3Location): Promise<boolean> {
  for (let tried = 0; tried < 2; tried++) {
    try {
      await client.putObject(bucket, prefix + PROBE_KEY, Buffer.from('probe'), 5, { 'If-None-Match': '*' });
    } catch (error) {
      if (isThere(error)) return true;
      if (error instanceof S3Error && UNKNOWN_CONDITION.has(error.code ?? '')) return false;
      throw error;
    }
  }
  return false;
}
