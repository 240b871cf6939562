// The port to object storage: immutable bytes under the digest of their content.
import { createHash } from 'node:crypto';
import type { ObjectRef } from '../../../proto/gen/cpral/v1/resources.ts';
import { CpralError } from '../errors.ts';

export interface ObjectStore {
  /** Stores bytes, durably when it resolves; storing equal bytes again is cheap and harmless. */
  put(bytes: Uint8Array): Promise<ObjectRef>;
  /** Reads bytes and checks them against the digest. Throws NOT_FOUND, DATA_LOSS where they differ, UNAVAILABLE where the store is away. */
  get(ref: ObjectRef): Promise<Uint8Array>;
  has(ref: ObjectRef): Promise<boolean>;
}

export interface OpenObjectStore extends ObjectStore {
  /** Throws UNAVAILABLE where the store does not answer, FAILED_PRECONDITION where only a person can mend it. */
  ready(): Promise<void>;
}

/** What only reads. */
export type ObjectReader = Pick<ObjectStore, 'get'>;

const DIGEST = /^sha256\/[0-9a-f]{64}$/;

export function digestOf(bytes: Uint8Array): string {
  return `sha256/${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Refuses anything that is not a digest, so that no reference can name a path. */
export function checkDigest(digest: string): string {
  if (!DIGEST.test(digest)) {
    throw new CpralError(
      'INVALID_ARGUMENT',
      `object digest "${digest.slice(0, 80)}": expected sha256/ and 64 hexadecimal digits`,
      {
        field: 'digest',
      },
    );
  }
  return digest;
}

/** Throws DATA_LOSS where bytes are not what the reference promises. */
export function verify(ref: ObjectRef, bytes: Uint8Array): Uint8Array {
  const actual = digestOf(bytes);
  if (actual !== ref.digest) {
    throw new CpralError('DATA_LOSS', `object ${ref.digest} is damaged: its bytes hash to ${actual}`);
  }
  return bytes;
}
