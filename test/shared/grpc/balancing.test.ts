// Calls between services where there are several replicas, and where a replica comes later.
import { setTimeout as sleep } from 'node:timers/promises';
import { credentials } from '@grpc/grpc-js';
import { afterEach, expect, it } from 'vitest';
import { WorkQueueClient, WorkQueueService } from '../../../proto/gen/cpral/v1/work.ts';
import { SERVICE_CHANNEL } from '../../../services/shared/grpc/channel.ts';
import { call } from '../../../services/shared/grpc/client.ts';
import { createHealth } from '../../../services/shared/grpc/health.ts';
import { type RunningServer, startServer } from '../../../services/shared/grpc/server.ts';

const deadlineMs = 10_000;
const MAX_AGE_MS = 300;
const closing: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A registry that notes from which connection each call came. */
async function start(callMs = 0): Promise<{ server: RunningServer; peers: string[] }> {
  const peers: string[] = [];
  const implementation = {
    renewLease: async (request: { getPeer(): string }, answer: (error: null, response: object) => void) => {
      peers.push(request.getPeer());
      await sleep(callMs);
      answer(null, { expireTime: new Date() });
    },
  };
  const service = { definition: WorkQueueService, implementation: implementation as never };
  const server = await startServer('127.0.0.1:0', [service], createHealth(), { maxConnectionAgeMs: MAX_AGE_MS });
  closing.push(server.close);
  return { server, peers };
}

function renewing(address: string) {
  const client = new WorkQueueClient(address, credentials.createInsecure(), SERVICE_CHANNEL);
  closing.push(() => client.close());
  const request = { itemId: 'item', leaseToken: 'token', progress: undefined };
  return () => call(client.renewLease.bind(client), request, { deadlineMs });
}

it('calls are spread over all replicas that a name stands for', async () => {
  const [first, second] = [await start(), await start()];
  const renew = renewing(`ipv4:${first.server.address},${second.server.address}`);
  await expect
    .poll(async () => {
      await renew();
      return Math.min(first.peers.length, second.peers.length);
    })
    .toBeGreaterThan(2);
});

it('a connection is given up after a while, so that clients look anew; a call that is under way then is finished', async () => {
  const { server, peers } = await start(3 * MAX_AGE_MS);
  const renew = renewing(server.address);
  await renew();
  await renew();
  expect(new Set(peers).size).toBe(2);
});
