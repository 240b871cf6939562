import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Operation } from '../../proto/gen/cpral/v1/operations.ts';
import { call, messages } from '../../services/shared/grpc/client.ts';
import { fromDuration } from '../../services/shared/grpc/duration.ts';
import { startTestRegistry, type TestRegistry } from '../support/registry.ts';
import { createCampaign, importDataset, tinyDataset } from '../support/tiny-dataset.ts';

const deadlineMs = 10_000;
let test: TestRegistry;
let datasetId: string;

beforeEach(async () => {
  test = await startTestRegistry();
  ({ datasetId } = await importDataset(test.registry, tinyDataset()));
});
afterEach(() => test.close());

async function operationOf(campaignId: string): Promise<string> {
  const { campaign } = await call(test.registry.getCampaign.bind(test.registry), { campaignId }, { deadlineMs });
  return campaign?.operationId ?? '';
}

const get = async (operationId: string) =>
  (await call(test.operations.getOperation.bind(test.operations), { operationId }, { deadlineMs })).operation!;

async function watched(operationId: string): Promise<Operation[]> {
  const seen: Operation[] = [];
  for await (const { operation } of messages(test.operations.watchOperation({ operationId }))) seen.push(operation!);
  return seen;
}

describe('an operation', () => {
  it('is watched to its end, with counts that only grow and a time left once a cycle is done', async () => {
    test.startWorkers();
    const campaignId = await createCampaign(test.registry, datasetId, { cycles: 4 });
    const seen = await watched(await operationOf(campaignId));
    expect(seen.at(-1)).toMatchObject({ campaignId, done: true, error: undefined });
    expect(seen.slice(0, -1).every((operation) => !operation.done)).toBe(true);
    const cycles = seen.map(({ progress }) => progress?.cyclesDone ?? -1);
    expect(cycles).toEqual(cycles.toSorted((a, b) => a - b));
    expect(seen.at(-1)?.progress).toMatchObject({ cyclesDone: 4, cyclesTotal: 4, timeLeft: undefined });
    const [first] = seen;
    expect(first?.progress?.timeLeft).toBeUndefined();
    const timed = seen.filter(({ done, progress }) => !done && (progress?.cyclesDone ?? 0) > 0);
    expect(timed.length).toBeGreaterThan(0);
    for (const { progress } of timed) expect(fromDuration(progress!.timeLeft!)).toBeGreaterThanOrEqual(0);
  });

  it('that is cancelled takes the work out of its worker within two seconds', async () => {
    const begun = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<number>();
    test.startWorkers(1, {
      train: (_, { signal }) => {
        begun.resolve();
        return new Promise((_, reject) =>
          signal?.addEventListener('abort', () => {
            ended.resolve(performance.now());
            reject(new Error('given up'));
          }),
        );
      },
    });
    const campaignId = await createCampaign(test.registry, datasetId, { cycles: 2 });
    const operationId = await operationOf(campaignId);
    await begun.promise;
    const watching = watched(operationId);
    const cancelledAt = performance.now();
    await call(test.operations.cancelOperation.bind(test.operations), { operationId }, { deadlineMs });
    expect((await ended.promise) - cancelledAt).toBeLessThan(2_000);
    expect((await watching).at(-1)).toMatchObject({ done: true, error: { code: 1 } });
    expect((await get(operationId)).progress).toMatchObject({ cyclesDone: 0, cyclesTotal: 2, timeLeft: undefined });
  });

  it('that does not exist cannot be watched', async () => {
    await expect(watched('none')).rejects.toMatchObject({ code: 'NOT_FOUND', field: 'operation_id' });
  });
});
