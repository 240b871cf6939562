// A worker that is started for one item, against a registry that answers as it is told to, and as a process of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { memoryBus } from '../../../services/shared/bus/memory-bus.ts';
import type { Clock } from '../../../services/shared/clock.ts';
import { readWorkerConfig } from '../../../services/shared/environment.ts';
import { grpcService } from '../../../services/shared/grpc/server.ts';
import { oneItem } from '../../../services/shared/worker/one-item.ts';
import type { WorkerService } from '../../../services/shared/worker/worker-service.ts';
import { startTestRegistry, type TestRegistry } from '../../support/registry.ts';
import { createCampaign, importDataset, tinyDataset } from '../../support/tiny-dataset.ts';

/** 128 + SIGTERM. */
const INTERRUPTED = 143;

const service: WorkerService = {
  name: 'rater',
  kind: 'rate',
  grpc: grpcService({}, {}),
  handler: async () => ({ result: { result: undefined }, seconds: 0 }),
};

const START_LIMIT_MS = 300_000;

/** Time that passes when somebody waits for it, but for the limit of the start. */
function instantClock(): Clock & { sleptMs: number[] } {
  const sleptMs: number[] = [];
  const sleep = async (ms: number) => {
    if (ms === START_LIMIT_MS) return new Promise<void>(() => {});
    sleptMs.push(ms);
  };
  return { now: () => 0, sleptMs, sleep };
}

describe('a worker for one item', () => {
  it('is given that item, and has settled when it is dealt with', async () => {
    const one = oneItem('item', service);
    const asked: string[] = [];
    one.bus.consumeWork('rate', async ({ itemId }) => {
      asked.push(itemId);
      await one.service.handler({} as never, {});
      return { action: 'forget' };
    });
    await one.ended;
    expect(asked).toEqual(['item']);
    expect(one.exitCode()).toBe(0);
  });

  it('tries again in the same process where the registry says when', async () => {
    const clock = instantClock();
    const one = oneItem('item', service, clock);
    let tries = 0;
    one.bus.consumeWork('rate', async () => {
      await one.service.handler({} as never, {});
      return ++tries < 3 ? { action: 'retry', afterMs: 4_000 } : { action: 'refuse', cause: 'it cannot be done' };
    });
    await one.ended;
    expect(clock.sleptMs).toEqual([4_000, 4_000]);
  });

  it('asks for a minute for an item that another one holds, and then lets it be', async () => {
    const clock = instantClock();
    const one = oneItem('item', service, clock);
    one.bus.consumeWork('rate', async () => ({ action: 'forget' }));
    await one.ended;
    expect(clock.sleptMs.reduce((sum, ms) => sum + ms)).toBe(60_000);
  });

  it('ends as a failure where it could not be started for minutes', async () => {
    const one = oneItem('item', service, { now: () => 0, sleep: async (ms) => expect(ms).toBe(START_LIMIT_MS) });
    await one.ended;
    expect(one.exitCode()).toBe(1);
  });

  it('has not settled when it is stopped before', async () => {
    const one = oneItem('item', service);
    const subscription = one.bus.consumeWork('rate', async () => ({ action: 'retry', afterMs: 60_000 }));
    await subscription.close();
    expect(one.exitCode()).toBe(INTERRUPTED);
  });
});

describe('the settings of a worker for one item', () => {
  const settings = { CPRAL_OBJECTS_URL: 'file:///objects', CPRAL_WORK_ITEM: 'a/0/2/0' };

  it('name the item and the registry, and need no queue', () => {
    expect(readWorkerConfig({ ...settings, CPRAL_REGISTRY: 'registry:4101' }, { port: 1 })).toMatchObject({
      workItem: 'a/0/2/0',
      natsUrl: undefined,
    });
  });

  it('are refused without a registry', () => {
    expect(() => readWorkerConfig(settings, { port: 1 })).toThrow(expect.objectContaining({ field: 'CPRAL_REGISTRY' }));
  });
});

describe('a process for one item', () => {
  let test: TestRegistry;
  afterEach(() => test.close());

  async function start(itemOf: (campaignId: string) => string) {
    test = await startTestRegistry({ bus: memoryBus() });
    const { datasetId } = await importDataset(test.registry, tinyDataset());
    const itemId = itemOf(await createCampaign(test.registry, datasetId, {}));
    const env = {
      PATH: process.env.PATH,
      CPRAL_LISTEN: '127.0.0.1:0',
      CPRAL_OBJECTS_URL: pathToFileURL(path.join(test.folder, 'objects')).href,
      CPRAL_REGISTRY: test.address,
      CPRAL_WORK_ITEM: itemId,
    };
    const child = spawn(process.execPath, ['services/oracle/main.ts'], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    let log = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
    return { child, log: () => log };
  }

  it('does it and ends well, though nobody stops it', async () => {
    const { child, log } = await start((campaignId) => `${campaignId}/0/1/0`);
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(log()).toContain('work done');
  });

  it('ends in a way of its own where it is stopped before: the Job is not done', async () => {
    const { child, log } = await start(() => 'no/such/item/0');
    await expect.poll(log, { timeout: 20_000 }).toContain('listening');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([INTERRUPTED, null]);
  });
});
