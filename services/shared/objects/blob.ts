// What a request brings: a reference into the store, or the bytes themselves.
import type { Blob, ObjectRef } from '../../../proto/gen/cpral/v1/resources.ts';
import { invalid } from '../errors.ts';
import type { ObjectReader } from './object-store.ts';

/** Inline bytes are for small requests; everything else goes through the store. */
export const INLINE_LIMIT_BYTES = 1 << 20;

export function refBlob(object: ObjectRef): Blob {
  return { source: { $case: 'object', value: object } };
}

/** @param field the request field, for the error where there is nothing to read */
export async function readBlob(objects: ObjectReader, blob: Blob | undefined, field: string): Promise<Uint8Array> {
  switch (blob?.source?.$case) {
    case 'object':
      return objects.get(blob.source.value);
    case 'inline':
      if (blob.source.value.length > INLINE_LIMIT_BYTES) {
        throw invalid(`${field}: inline bytes are limited to ${INLINE_LIMIT_BYTES}, got ${blob.source.value.length}`, {
          field,
        });
      }
      return blob.source.value;
    default:
      throw invalid(`${field}: expected an object reference or inline bytes, got neither`, { field });
  }
}
