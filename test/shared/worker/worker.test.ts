import { expect, it } from 'vitest';
import type { LeaseWorkItemResponse, WorkQueueClient } from '../../../proto/gen/cpral/v1/work.ts';
import { memoryBus } from '../../../services/shared/bus/memory-bus.ts';
import { grpcService } from '../../../services/shared/grpc/server.ts';
import { startWorker } from '../../../services/shared/worker/worker.ts';
import { silent } from '../../support/silent.ts';

it('a worker that is closed while it asks for a lease gives the item back at once and ends', async () => {
  const bus = memoryBus();
  const released: string[] = [];
  const asked = Promise.withResolvers<(error: null, response: LeaseWorkItemResponse) => void>();
  const registry = {
    leaseWorkItem(...args: [unknown, unknown, unknown, (error: null, response: LeaseWorkItemResponse) => void]) {
      asked.resolve(args[3]);
    },
    releaseWorkItem(...args: [{ itemId: string }, unknown, unknown, (error: null, response: object) => void]) {
      released.push(args[0].itemId);
      args[3](null, {});
    },
  } as unknown as WorkQueueClient;
  let handled = false;
  const service = {
    name: 'rater',
    kind: 'rate',
    grpc: grpcService({}, {}),
    /** Waits to be told to stop, as one that listens for the signal only does for ever where it came before. */
    handler(_: unknown, { signal }: { signal?: AbortSignal }) {
      handled = true;
      return new Promise<never>((_, reject) => signal?.addEventListener('abort', reject));
    },
  } as const;
  const worker = startWorker({ service, bus, registry, log: silent });
  await bus.publishWork('rate', { itemId: 'item' });
  const answer = await asked.promise;

  const closed = worker.close();
  answer(null, { lease: { itemId: 'item', leaseToken: 'token', spec: undefined, checkpoint: undefined } as never });
  await closed;
  expect(handled).toBe(false);
  expect(released).toEqual(['item']);
});
