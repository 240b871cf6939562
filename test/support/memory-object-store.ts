// An object store that forgets: the same port as the folder and S3, for tests.
import { CpralError } from '../../services/shared/errors.ts';
import { digestOf, type ObjectStore, verify } from '../../services/shared/objects/object-store.ts';

export function memoryObjectStore(): ObjectStore {
  const objects = new Map<string, Uint8Array>();
  return {
    async put(bytes) {
      const digest = digestOf(bytes);
      objects.set(digest, bytes.slice());
      return { digest, sizeBytes: BigInt(bytes.length) };
    },
    async get(ref) {
      const bytes = objects.get(ref.digest);
      if (bytes === undefined) throw new CpralError('NOT_FOUND', `object ${ref.digest} is not in the store`);
      return verify(ref, bytes.slice());
    },
    has: async (ref) => objects.has(ref.digest),
  };
}
