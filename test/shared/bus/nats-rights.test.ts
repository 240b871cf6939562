// The rights of docs/security.md, given as they stand there.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Bus } from '../../../services/shared/bus/bus.ts';
import { natsBus } from '../../../services/shared/bus/nats/nats-bus.ts';
import { readNatsUrl } from '../../../services/shared/bus/nats/nats-url.ts';
import { connectedBus, startTestNats } from '../../support/nats.ts';
import { silent } from '../../support/silent.ts';

const DOCUMENT = path.resolve(import.meta.dirname, '../../../docs/security.md');
const rights = [...readFileSync(DOCUMENT, 'utf8').matchAll(/^(registry|worker): (\{ publish: .*\})$/gm)];
const users = rights.map(([, user, permissions]) => `{ user: ${user}, password: "p", permissions: ${permissions} }`);
const timeout = 20_000;
let nats: Awaited<ReturnType<typeof startTestNats>>;
let registry: Bus;
let worker: Bus;

beforeAll(async () => {
  expect(users).toHaveLength(2);
  nats = await startTestNats(`authorization { users: [ ${users.join(', ')} ] }\n`);
  const as = (user: string) => nats.url.replace('nats://', `nats://${user}:p@`);
  registry = await connectedBus(as('registry'));
  worker = natsBus({ ...readNatsUrl(as('worker')), log: silent });
});
afterAll(async () => {
  await worker.close();
  await registry.close();
  await nats.close();
});

describe('the rights of a worker at NATS', () => {
  it('let it take work, keep it, give it back and finish it', async () => {
    const reached = () =>
      worker.check().then(
        () => true,
        () => false,
      );
    await expect.poll(reached, { timeout }).toBe(true);
    const taken: string[] = [];
    const consumer = worker.consumeWork('rate', async ({ itemId, working }) => {
      working();
      taken.push(itemId);
      return taken.length === 1 ? { action: 'retry', afterMs: 0 } : { action: 'forget' };
    });
    await registry.publishWork('rate', { itemId: 'maps_autumn/0/2/0' });
    await expect.poll(() => taken, { timeout }).toEqual(['maps_autumn/0/2/0', 'maps_autumn/0/2/0']);
    await consumer.close();
    // Finished: the item may be published and taken again.
    await registry.publishWork('rate', { itemId: 'maps_autumn/0/2/0' });
  });

  it('let it add no work and tell of nothing', async () => {
    expect(await whyNot(worker.publishWork('train', { itemId: 'forged' }))).toMatch(/permission/i);
    const event = { id: '1', type: 'cpral.campaign.changed', subject: '', time: new Date(), data: {} };
    expect(await whyNot(worker.publishEvent(event))).toMatch(/permission/i);
  });

  it('let it hear of nothing', async () => {
    expect(await whyNot(worker.subscribe(() => {}))).toMatch(/permission/i);
  });
});

/** An error with its causes. */
function whyNot(asked: Promise<unknown>): Promise<string> {
  const words = (error: unknown): string => (error instanceof Error ? `${error.message} ${words(error.cause)}` : '');
  return asked.then(() => 'done', words);
}
