// Three servers that keep each stream three times: one may die.
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../../deploy/servers/free-port.ts';
import type { Bus } from '../../../services/shared/bus/bus.ts';
import { EVENT_STREAM, WORK_STREAM } from '../../../services/shared/bus/nats/topology.ts';
import { connectedBus, startTestNats } from '../../support/nats.ts';

const timeout = 60_000;
const REPLICAS = 3;
const ITEMS = 30;

let nodes: Awaited<ReturnType<typeof startTestNats>>[];
let bus: Bus;
beforeAll(async () => {
  const ports = await Promise.all(Array.from({ length: REPLICAS }, freePort));
  const routes = ports.map((port) => `nats-route://127.0.0.1:${port}`);
  const settings = (port: number, i: number) => `server_name: node-${i}
cluster { name: test, listen: "127.0.0.1:${port}", routes: ${JSON.stringify(routes)} }
`;
  nodes = await Promise.all(ports.map((port, i) => startTestNats(settings(port, i))));
  const hosts = nodes.map(({ url }) => url.slice('nats://'.length));
  bus = await connectedBus(`nats://${hosts.join()}?replicas=${REPLICAS}`);
});
afterAll(async () => {
  await bus?.close();
  await Promise.all((nodes ?? []).map((node) => node.close()));
});

describe('a NATS cluster', () => {
  it('keeps as many copies of each stream as the URL asks for', async () => {
    const connection = await connect({ servers: nodes.map(({ url }) => url) });
    const manager = await jetstreamManager(connection);
    for (const stream of [WORK_STREAM, EVENT_STREAM]) {
      const { config, cluster } = await manager.streams.info(stream);
      expect(config.num_replicas).toBe(REPLICAS);
      expect(cluster?.replicas?.length).toBe(REPLICAS - 1);
    }
    await connection.close();
  });

  it('hands out every item while the server dies that leads the stream of work', async () => {
    const taken = new Set<string>();
    const consumer = bus.consumeWork('rate', async ({ itemId }) => {
      taken.add(itemId);
      return { action: 'forget' };
    });
    const ids = Array.from({ length: ITEMS }, (_, i) => `item-${i}`);
    for (const itemId of ids.slice(0, ITEMS / 2)) await published(itemId);
    await (await leaderOfWork()).server.kill();
    for (const itemId of ids.slice(ITEMS / 2)) await published(itemId);
    await expect.poll(() => ids.filter((id) => !taken.has(id)), { timeout }).toEqual([]);
    await consumer.close();
  });
});

/** As the relay does: again until the bus takes it. */
async function published(itemId: string): Promise<void> {
  const publish = () =>
    bus.publishWork('rate', { itemId }).then(
      () => true,
      () => false,
    );
  await expect.poll(publish, { timeout }).toBe(true);
}

async function leaderOfWork() {
  const connection = await connect({ servers: nodes.map(({ url }) => url) });
  const { cluster } = await (await jetstreamManager(connection)).streams.info(WORK_STREAM);
  await connection.close();
  return nodes[Number(cluster?.leader?.slice('node-'.length))]!;
}
