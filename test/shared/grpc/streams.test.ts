import { getEventListeners, once } from 'node:events';
import { credentials } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import {
  PoolRegistryClient,
  type PoolRegistryServer,
  PoolRegistryService,
} from '../../../proto/gen/cpral/v1/pool_registry.ts';
import { PoolState } from '../../../proto/gen/cpral/v1/resources.ts';
import { messages } from '../../../services/shared/grpc/client.ts';
import { serverStream } from '../../../services/shared/grpc/handlers.ts';
import { grpcService, startServer } from '../../../services/shared/grpc/server.ts';
import { silent } from '../../support/silent.ts';

const ITEMS = 20_000;

describe("a server's stream", () => {
  it('leaves nothing behind for the times that it waited for its reader', async () => {
    let listeners = 0;
    const streamPoolItems: PoolRegistryServer['streamPoolItems'] = serverStream(
      silent,
      async function* (_, { signal }) {
        for (let i = 0; i < ITEMS; i++)
          yield { item: { imageId: `image-${i}`, state: PoolState.POOL_STATE_UNLABELLED } };
        listeners = getEventListeners(signal, 'abort').length;
      },
    );
    const server = await startServer('127.0.0.1:0', [serviceOf(streamPoolItems)]);
    const client = new PoolRegistryClient(server.address, credentials.createInsecure());
    try {
      let read = 0;
      for await (const { item } of messages(client.streamPoolItems({ campaignId: '', state: 0 }))) if (item) read++;
      expect(read).toBe(ITEMS);
      expect(listeners).toBeLessThanOrEqual(1);
    } finally {
      client.close();
      await server.close();
    }
  });

  it('that is open when its server ends is told to try elsewhere, and its handler that nobody listens', async () => {
    let hasEnded = false;
    const streamPoolItems: PoolRegistryServer['streamPoolItems'] = serverStream(
      silent,
      async function* (_, { signal }) {
        yield { item: { imageId: 'image-0', state: PoolState.POOL_STATE_UNLABELLED } };
        await once(signal, 'abort');
        hasEnded = true;
      },
    );
    const server = await startServer('127.0.0.1:0', [serviceOf(streamPoolItems)]);
    const client = new PoolRegistryClient(server.address, credentials.createInsecure());
    try {
      const stream = messages(client.streamPoolItems({ campaignId: '', state: 0 }));
      await stream.next();
      const next = expect(stream.next()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      await server.close();
      await next;
      expect(hasEnded).toBe(true);
    } finally {
      client.close();
      await server.close();
    }
  });
});

function serviceOf(streamPoolItems: PoolRegistryServer['streamPoolItems']) {
  const implementation = { streamPoolItems } as unknown as PoolRegistryServer;
  const definition = { streamPoolItems: PoolRegistryService.streamPoolItems } as unknown as typeof PoolRegistryService;
  return grpcService(definition, implementation);
}
