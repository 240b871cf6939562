import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { Client, credentials } from '@grpc/grpc-js';
import { expect, it } from 'vitest';
import { SERVICE_CHANNEL } from '../../../services/shared/grpc/channel.ts';

const ATTEMPTS = 7;
const MAX_GAP_MS = 3_500;

it('a channel between services looks for the other side every few seconds, however long that is away', async () => {
  const attemptTimes: number[] = [];
  const enough = Promise.withResolvers<void>();
  const server = createServer((socket) => {
    attemptTimes.push(performance.now());
    socket.destroy();
    if (attemptTimes.length === ATTEMPTS) enough.resolve();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), SERVICE_CHANNEL);
  client.getChannel().getConnectivityState(true);
  await enough.promise;
  client.close();
  server.close();
  const gapsMs = attemptTimes.slice(1).map((time, i) => time - attemptTimes[i]!);
  expect(Math.max(...gapsMs)).toBeLessThan(MAX_GAP_MS);
});
