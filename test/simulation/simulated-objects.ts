// The object store behind a connection that fails.
import { CpralError } from '../../services/shared/errors.ts';
import type { ObjectStore } from '../../services/shared/objects/object-store.ts';
import type { Process, Scheduler } from './scheduler.ts';

export function simulatedObjects(scheduler: Scheduler, store: ObjectStore, process: Process): ObjectStore {
  const asked = <T>(what: string, effect: () => Promise<T>): Promise<T> =>
    scheduler.perform(process, what, () => {
      if (!scheduler.strikes('storeFails')) return effect();
      scheduler.note('store', `REFUSES ${process.name}`);
      throw new CpralError('UNAVAILABLE', 'the object store is away');
    });
  return {
    put: (bytes) => asked('puts an object', () => store.put(bytes)),
    get: (ref) => asked('gets an object', () => store.get(ref)),
    has: (ref) => asked('looks for an object', () => store.has(ref)),
  };
}
