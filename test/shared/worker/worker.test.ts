// A worker against a registry that answers as it is told to: what it does with work that fails, hangs, or is taken away.
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { credentials } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  WorkLease,
  WorkQueueClient,
  type WorkQueueServer,
  WorkQueueService,
  type WorkResult,
} from '../../../proto/gen/cpral/v1/work.ts';
import type { Bus } from '../../../services/shared/bus/bus.ts';
import { memoryBus } from '../../../services/shared/bus/memory-bus.ts';
import type { Clock } from '../../../services/shared/clock.ts';
import { processCompute } from '../../../services/shared/compute/process-compute.ts';
import { CpralError, invalid } from '../../../services/shared/errors.ts';
import { unary } from '../../../services/shared/grpc/handlers.ts';
import { grpcService, type RunningServer, startServer } from '../../../services/shared/grpc/server.ts';
import { watchReadiness } from '../../../services/shared/readiness.ts';
import { type RunningWorker, startWorker } from '../../../services/shared/worker/worker.ts';
import type { WorkHandler } from '../../../services/shared/worker/worker-service.ts';
import { silent } from '../../support/silent.ts';

const timeout = 15_000;
const RESULT: WorkResult = { result: { $case: 'rate', value: { ratings: [], embeddings: undefined } } };

/** What the worker told the registry. */
let told: [string, object][];
let answers: Partial<Record<'lease' | 'renew' | 'complete' | 'fail', () => Promise<void>>>;
let bus: Bus;
let server: RunningServer;
let registry: WorkQueueClient;
let worker: RunningWorker | undefined;

beforeEach(async () => {
  told = [];
  answers = {};
  bus = memoryBus();
  server = await startServer('127.0.0.1:0', [grpcService(WorkQueueService, scripted())]);
  registry = new WorkQueueClient(server.address, credentials.createInsecure());
  worker = undefined;
});
afterEach(async () => {
  await worker?.close();
  registry.close();
  await server.close();
  await bus.close();
});

function scripted(): WorkQueueServer {
  const tell = (name: string, request: object) => told.push([name, request]);
  return {
    leaseWorkItem: unary(silent, async ({ itemId }) => {
      await answers.lease?.();
      tell('lease', { itemId });
      return { lease: WorkLease.fromPartial({ itemId, leaseToken: 'token' }) };
    }),
    renewLease: unary(silent, async () => {
      await answers.renew?.();
      return { expireTime: new Date() };
    }),
    completeWorkItem: unary(silent, async ({ itemId }) => {
      await answers.complete?.();
      tell('complete', { itemId });
      return {};
    }),
    failWorkItem: unary(silent, async ({ itemId, cause, permanent }) => {
      await answers.fail?.();
      tell('fail', { itemId, cause, permanent });
      return { retryDelay: undefined };
    }),
    releaseWorkItem: unary(silent, async ({ itemId, cause, delaySeconds }) => {
      tell('release', { itemId, cause, delaySeconds });
      return {};
    }),
  };
}

function start(handler: WorkHandler, silenceLimitMs?: number): RunningWorker {
  const service = { name: 'rater', kind: 'rate', grpc: grpcService({}, {}), handler } as const;
  const limit = silenceLimitMs === undefined ? {} : { silenceLimitMs };
  worker = startWorker({ service, bus, registry, log: silent, ...limit });
  return worker;
}

/** Waits to be told to stop, as a compute process does. */
const untilAborted: WorkHandler = (_, { signal }) =>
  new Promise((_, reject) => {
    const abort = () => reject(new CpralError('CANCELLED', 'the work was cancelled'));
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort);
  });

const names = () => told.map(([name]) => name);

describe('a worker', () => {
  it('reports what it computed, and takes the next', async () => {
    start(async () => ({ result: RESULT, seconds: 1 }));
    await bus.publishWork('rate', { itemId: 'one' });
    await bus.publishWork('rate', { itemId: 'two' });
    await expect.poll(names, { timeout }).toEqual(['lease', 'complete', 'lease', 'complete']);
  });

  it('tries again where no lease could be had because the registry was away', async () => {
    let isAway = true;
    answers.lease = async () => {
      if (!isAway) return;
      isAway = false;
      throw new CpralError('UNAVAILABLE', 'the registry is away');
    };
    start(async () => ({ result: RESULT, seconds: 1 }));
    await bus.publishWork('rate', { itemId: 'item' });
    await expect.poll(names, { timeout }).toEqual(['lease', 'complete']);
  });

  it('does nothing with an item that another one has, and takes it when it comes again', async () => {
    let isElsewhere = true;
    let asked = 0;
    answers.lease = async () => {
      asked++;
      if (isElsewhere) throw new CpralError('FAILED_PRECONDITION', 'not open', { reason: 'WORK_ITEM_NOT_OPEN' });
    };
    start(async () => ({ result: RESULT, seconds: 1 }));
    await bus.publishWork('rate', { itemId: 'a' });
    await expect.poll(() => asked, { timeout }).toBe(1);
    expect(told).toEqual([]);
    isElsewhere = false;
    await expect
      .poll(() => bus.publishWork('rate', { itemId: 'a' }).then(names), { timeout })
      .toEqual(['lease', 'complete']);
  });

  it('reports a result again until the registry is back', async () => {
    let refusals = 2;
    answers.complete = async () => {
      if (refusals-- > 0) throw new CpralError('UNAVAILABLE', 'the registry is away');
    };
    start(async () => ({ result: RESULT, seconds: 1 }));
    await bus.publishWork('rate', { itemId: 'item' });
    await expect.poll(names, { timeout }).toEqual(['lease', 'complete']);
  });

  it('blames an item for what it does to the compute process', async () => {
    const compute = processCompute({ objectsUrl: 'file:///tmp', log: silent });
    try {
      const crash = new URL('../../support/functions/crash.ts', import.meta.url);
      start((_, options) => compute.run(crash, {}, options));
      await bus.publishWork('rate', { itemId: 'poison' });
      await expect.poll(names, { timeout }).toEqual(['lease', 'fail']);
      expect(told[1]).toMatchObject(['fail', { permanent: false, cause: 'the compute process ended by SIGABRT' }]);
    } finally {
      await compute.close();
    }
  });

  it('ends work that hangs without a word, and says how long it was silent', async () => {
    const compute = processCompute({ objectsUrl: 'file:///tmp', log: silent });
    try {
      const hang = new URL('../../support/functions/hang.ts', import.meta.url);
      start((_, options) => compute.run(hang, {}, options), 1_000);
      await bus.publishWork('rate', { itemId: 'poison' });
      await expect.poll(names, { timeout }).toEqual(['lease', 'fail']);
      expect(told[1]).toMatchObject(['fail', { permanent: false, cause: 'no progress for 1 s, taken for hung' }]);
    } finally {
      await compute.close();
    }
  });

  it('takes no work for hung that waits for its turn', async () => {
    start(async () => {
      await sleep(2_500);
      return { result: RESULT, seconds: 1 };
    }, 500);
    await bus.publishWork('rate', { itemId: 'patient' });
    await expect.poll(names, { timeout }).toEqual(['lease', 'complete']);
  });

  it('says at once where trying again cannot help', async () => {
    start(async () => {
      throw invalid('image: expected a PNG, got a song');
    });
    await bus.publishWork('rate', { itemId: 'song' });
    await expect.poll(names, { timeout }).toEqual(['lease', 'fail']);
    expect(told[1]).toMatchObject(['fail', { permanent: true, cause: 'image: expected a PNG, got a song' }]);
  });

  it('blames no item for a store that is away: it gives it back and tries again', async () => {
    let isAway = true;
    start(async () => {
      if (!isAway) return { result: RESULT, seconds: 1 };
      isAway = false;
      throw new CpralError('UNAVAILABLE', 'the object store is away');
    });
    await bus.publishWork('rate', { itemId: 'item' });
    await expect.poll(names, { timeout }).toEqual(['lease', 'release', 'lease', 'complete']);
    expect(told[1]).toMatchObject(['release', { cause: 'the object store is away', delaySeconds: 2 }]);
  });

  it.each(['OBJECT_STORE_REFUSES', 'NO_BUCKET', 'TENSORFLOW_UNUSABLE'])(
    'blames no item for settings that a person must mend: %s',
    async (reason) => {
      start(async () => {
        throw new CpralError('FAILED_PRECONDITION', 'this worker lacks something', { reason });
      });
      await bus.publishWork('rate', { itemId: 'item' });
      await expect.poll(names, { timeout }).toEqual(['lease', 'release']);
      expect(told[1]).toMatchObject(['release', { cause: 'this worker lacks something' }]);
    },
  );

  it('gives work up within two seconds when its lease is taken away, and reports nothing', async () => {
    let abortedAt = 0;
    answers.renew = async () => {
      throw new CpralError('ABORTED', 'the campaign was cancelled');
    };
    const begun = performance.now();
    start(async (lease, options) => {
      try {
        return await untilAborted(lease, options);
      } finally {
        abortedAt = performance.now();
      }
    });
    await bus.publishWork('rate', { itemId: 'item' });
    await expect.poll(() => abortedAt, { timeout }).toBeGreaterThan(0);
    expect(abortedAt - begun).toBeLessThan(2_000);
    await worker?.close();
    expect(names()).toEqual(['lease']);
  });
});

describe('a worker whose registry is away in the end', () => {
  const away = () => new CpralError('UNAVAILABLE', 'the registry is away');
  const MINUTE_MS = 60_000;

  /** Time that passes as fast as somebody waits for it. */
  function fastClock(): Clock {
    let nowMs = 0;
    return {
      now: () => nowMs,
      async sleep(durationMs) {
        nowMs += durationMs;
        await setImmediate();
      },
    };
  }

  /** Counts how often the message was kept from others. */
  function countedBus(): Bus & { kept(): number } {
    let kept = 0;
    const consumeWork: Bus['consumeWork'] = (kind, handler) =>
      bus.consumeWork(kind, (delivery) => handler({ ...delivery, working: () => void kept++ }));
    return { ...bus, consumeWork, kept: () => kept };
  }

  const finished: WorkHandler = async (_, { onStart }) => {
    onStart?.();
    return { result: RESULT, seconds: 1 };
  };
  const service = { name: 'rater', kind: 'rate', grpc: grpcService({}, {}), handler: finished } as const;

  it('keeps its result for minutes, is neither taken for hung nor relieved, and tells it once the registry is back', async () => {
    const clock = fastClock();
    const counted = countedBus();
    const refuseUntilBack = async () => {
      if (clock.now() < 5 * MINUTE_MS) throw away();
    };
    answers.renew = refuseUntilBack;
    answers.complete = refuseUntilBack;
    worker = startWorker({ service, bus: counted, registry, log: silent, clock });
    await bus.publishWork('rate', { itemId: 'item' });
    await expect.poll(names, { timeout }).toEqual(['lease', 'complete']);
    expect(clock.now()).toBeGreaterThan(5 * MINUTE_MS);
    expect(counted.kept()).toBeGreaterThan(10);
  });

  it('tells its result though the bus is away as well, and the message cannot be kept', async () => {
    const clock = fastClock();
    let tried = 0;
    const consumeWork: Bus['consumeWork'] = (kind, handler) =>
      bus.consumeWork(kind, (delivery) =>
        handler({
          ...delivery,
          working() {
            tried++;
            throw new Error('the connection is closed');
          },
        }),
      );
    const refuseUntilBack = async () => {
      if (clock.now() < MINUTE_MS) throw away();
    };
    answers.renew = refuseUntilBack;
    answers.complete = refuseUntilBack;
    worker = startWorker({ service, bus: { ...bus, consumeWork }, registry, log: silent, clock });
    await bus.publishWork('rate', { itemId: 'item' });
    await expect.poll(names, { timeout }).toEqual(['lease', 'complete']);
    expect(tried).toBeGreaterThan(1);
  });

  it('gives the work back after ten minutes', async () => {
    const clock = fastClock();
    answers.complete = async () => {
      throw away();
    };
    worker = startWorker({ service, bus, registry, log: silent, clock });
    await bus.publishWork('rate', { itemId: 'item' });
    await expect.poll(() => names().slice(0, 2), { timeout }).toEqual(['lease', 'release']);
    expect(clock.now()).toBeGreaterThan(9 * MINUTE_MS);
    expect(told[1]).toMatchObject(['release', { cause: 'the registry is away' }]);
  });

  it('gives its result up as soon as the registry says that another one has the lease', async () => {
    let asked = 0;
    answers.complete = async () => {
      asked++;
      if (asked < 5) throw away();
      throw new CpralError('ABORTED', 'the lease is lost', { reason: 'LEASE_LOST' });
    };
    worker = startWorker({ service, bus, registry, log: silent, clock: fastClock() });
    await bus.publishWork('rate', { itemId: 'one' });
    await expect.poll(() => asked, { timeout }).toBe(5);
    answers.complete = async () => {};
    await bus.publishWork('rate', { itemId: 'two' });
    await expect.poll(names, { timeout }).toEqual(['lease', 'lease', 'complete']);
  });

  it('does not wait to tell a failure when it is stopped', async () => {
    const asked = Promise.withResolvers<void>();
    answers.fail = async () => {
      asked.resolve();
      throw away();
    };
    start(async () => {
      throw invalid('image: expected a PNG, got a song');
    });
    await bus.publishWork('rate', { itemId: 'item' });
    await asked.promise;
    const begun = performance.now();
    await worker?.close({ graceMs: 100 });
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect(names()).toEqual(['lease']);
  });

  it('does not wait to tell a result when it is stopped', async () => {
    const asked = Promise.withResolvers<void>();
    answers.complete = async () => {
      asked.resolve();
      throw away();
    };
    start(finished);
    await bus.publishWork('rate', { itemId: 'item' });
    await asked.promise;
    await worker?.close({ graceMs: 1_000 });
    expect(names()).toEqual(['lease', 'release']);
  });
});

describe('a worker that is not ready', () => {
  it('takes nothing, takes work as soon as it is, and finishes what it has when it is so no more', async () => {
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let isReady = false;
    const check = async () => {
      if (!isReady) throw new Error('not yet');
    };
    const readiness = watchReadiness({ checks: [{ name: 'all', check }], log: silent });
    let handled = 0;
    const handler = async () => {
      await gates[handled++]?.promise;
      return { result: RESULT, seconds: 1 };
    };
    const service = { name: 'rater', kind: 'rate', grpc: grpcService({}, {}), handler } as const;
    worker = startWorker({ service, bus, registry, log: silent, readiness });
    await bus.publishWork('rate', { itemId: 'one' });
    await readiness.until(false, new AbortController().signal);
    // Another worker gets it meanwhile: nobody holds it.
    const other = Promise.withResolvers<string>();
    const ready = bus.consumeWork('rate', async ({ itemId }) => {
      other.resolve(itemId);
      return { action: 'retry', afterMs: 0 };
    });
    expect(await other.promise).toBe('one');
    await ready.close();
    expect(names()).toEqual([]);

    isReady = true;
    await expect.poll(names, { timeout }).toEqual(['lease']);
    isReady = false;
    await readiness.until(false, new AbortController().signal);
    await bus.publishWork('rate', { itemId: 'two' });
    gates[0]!.resolve();
    gates[1]!.resolve();
    await expect.poll(names, { timeout }).toEqual(['lease', 'complete']);
    isReady = true;
    await expect.poll(names, { timeout }).toEqual(['lease', 'complete', 'lease', 'complete']);
    expect(told.map(([, request]) => (request as { itemId: string }).itemId)).toEqual(['one', 'one', 'two', 'two']);
    readiness.close();
  });
});

describe('a worker that is closed', () => {
  it('gives back what it has in hand, and another takes it at once', async () => {
    const first = start(untilAborted);
    await bus.publishWork('rate', { itemId: 'item' });
    await expect.poll(names, { timeout }).toEqual(['lease']);
    await first.close();
    start(async () => ({ result: RESULT, seconds: 1 }));
    await expect.poll(names, { timeout }).toEqual(['lease', 'release', 'lease', 'complete']);
  });

  it('finishes what is done within the grace, and takes nothing more', async () => {
    const gate = Promise.withResolvers<void>();
    const closing = start(async () => {
      await gate.promise;
      return { result: RESULT, seconds: 1 };
    });
    await bus.publishWork('rate', { itemId: 'one' });
    await bus.publishWork('rate', { itemId: 'two' });
    await expect.poll(names, { timeout }).toEqual(['lease']);
    const closed = closing.close({ graceMs: 10_000 });
    gate.resolve();
    await closed;
    expect(names()).toEqual(['lease', 'complete']);
  });

  it('gives back what is not done within the grace', async () => {
    const closing = start(untilAborted);
    await bus.publishWork('rate', { itemId: 'item' });
    await expect.poll(names, { timeout }).toEqual(['lease']);
    await closing.close({ graceMs: 50 });
    expect(names()).toEqual(['lease', 'release']);
  });

  it('gives an item back that it was asking for', async () => {
    const asked = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    answers.lease = () => {
      asked.resolve();
      return gate.promise;
    };
    let handled = false;
    const closing = start(async () => {
      handled = true;
      return { result: RESULT, seconds: 1 };
    });
    await bus.publishWork('rate', { itemId: 'item' });
    await asked.promise;
    const closed = closing.close();
    gate.resolve();
    await closed;
    expect(handled).toBe(false);
    expect(names()).toEqual(['lease', 'release']);
  });
});
