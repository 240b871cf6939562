// Whether the object store can be reached: asks for an object, and takes any answer.
import type { ReadinessCheck } from '../grpc/health.ts';
import { digestOf, type ObjectStore } from './object-store.ts';

const ANY = { digest: digestOf(new Uint8Array()), sizeBytes: 0n };

export function storeCheck(objects: ObjectStore): ReadinessCheck {
  return { name: 'objects', check: () => objects.has(ANY) };
}
