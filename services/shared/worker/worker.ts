// Pulls work, one item at a time: lease, compute, report, acknowledge. While the work makes progress the lease is renewed; when the
// lease is lost the work is given up, because somebody else has it.
import type { Progress } from '../../../proto/gen/cpral/v1/trainer.ts';
import type { WorkLease, WorkQueueClient } from '../../../proto/gen/cpral/v1/work.ts';
import type { Bus, Subscription } from '../bus/bus.ts';
import { type Clock, systemClock } from '../clock.ts';
import { CpralError } from '../errors.ts';
import { call } from '../grpc/client.ts';
import type { Log } from '../log.ts';
import type { WorkerService } from './worker-service.ts';

const CALL_DEADLINE_MS = 10_000;
const RENEW_INTERVAL_MS = 1_000;
/** Work that reports nothing for so long is taken for hung: its lease is left to expire. */
const SILENCE_LIMIT_MS = 120_000;
const REPORT_ATTEMPTS = 5;

export interface WorkerOptions {
  readonly service: WorkerService;
  readonly bus: Bus;
  readonly registry: WorkQueueClient;
  readonly log: Log;
  readonly clock?: Clock;
}

export function startWorker({ service, bus, registry, log, clock = systemClock }: WorkerOptions): Subscription {
  const stop = new AbortController();
  const subscription = bus.consumeWork(service.kind, async ({ itemId }) => {
    if (stop.signal.aborted) return;
    const lease = await takeLease(registry, itemId, service.name, log);
    // Closed while it asked: the lease is left to expire, as after a crash.
    if (!lease || stop.signal.aborted) return;
    await work({ service, bus, registry, log, clock }, lease, stop.signal);
  });
  return {
    async close() {
      stop.abort();
      await subscription.close();
    },
  };
}

/** Undefined where somebody else has the item or it is done: the message is dropped. The reconciler publishes it again if it is open. */
async function takeLease(
  registry: WorkQueueClient,
  itemId: string,
  worker: string,
  log: Log,
): Promise<WorkLease | undefined> {
  try {
    const request = { itemId, worker: `${worker}/${process.pid}` };
    return (await call(registry.leaseWorkItem.bind(registry), request, { deadlineMs: CALL_DEADLINE_MS })).lease;
  } catch (error) {
    if (!(error instanceof CpralError && error.code === 'FAILED_PRECONDITION'))
      log.warn({ item: itemId, err: error }, 'no lease');
    return undefined;
  }
}

async function work(
  { service, registry, log, clock }: Required<WorkerOptions>,
  lease: WorkLease,
  stopping: AbortSignal,
): Promise<void> {
  const lost = new AbortController();
  const renewal = keepLease(registry, lease, lost, clock);
  const signal = AbortSignal.any([stopping, lost.signal]);
  try {
    const { result, seconds: computeSeconds } = await service.handler(lease, { signal, onProgress: renewal.progress });
    await renewal.stop();
    const { itemId, leaseToken } = lease;
    await reported(clock, () =>
      call(
        registry.completeWorkItem.bind(registry),
        { itemId, leaseToken, result, computeSeconds },
        { deadlineMs: 3 * CALL_DEADLINE_MS },
      ),
    );
  } catch (error) {
    await renewal.stop();
    if (lost.signal.aborted) log.warn({ item: lease.itemId }, 'lease lost, work given up');
    else if (stopping.aborted) log.info({ item: lease.itemId }, 'stopping, work given up');
    else await giveBack({ registry, log, clock }, lease, error);
  }
}

function keepLease(registry: WorkQueueClient, { itemId, leaseToken }: WorkLease, lost: AbortController, clock: Clock) {
  let latest: Progress | undefined;
  let heardAt = clock.now();
  const stop = new AbortController();
  const done = (async () => {
    while (!stop.signal.aborted) {
      await clock.sleep(RENEW_INTERVAL_MS, stop.signal);
      if (stop.signal.aborted || clock.now() - heardAt > SILENCE_LIMIT_MS) continue;
      const progress = latest;
      try {
        await call(
          registry.renewLease.bind(registry),
          { itemId, leaseToken, progress },
          { deadlineMs: CALL_DEADLINE_MS },
        );
      } catch (error) {
        if (error instanceof CpralError && error.code === 'ABORTED') {
          lost.abort(error);
          return;
        }
      }
    }
  })();
  return {
    progress(update: Progress) {
      heardAt = clock.now();
      latest = { ...update, checkpoint: update.checkpoint ?? latest?.checkpoint };
    },
    async stop() {
      stop.abort();
      await done;
    },
  };
}

/** A result is worth several tries; a lost lease is not. */
async function reported<T>(clock: Clock, report: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await report();
    } catch (error) {
      const again = error instanceof CpralError && (error.code === 'UNAVAILABLE' || error.code === 'DEADLINE_EXCEEDED');
      if (!again || attempt >= REPORT_ATTEMPTS) throw error;
      await clock.sleep(200 * 2 ** attempt);
    }
  }
}

async function giveBack(
  { registry, log, clock }: Pick<Required<WorkerOptions>, 'registry' | 'log' | 'clock'>,
  { itemId, leaseToken }: WorkLease,
  error: unknown,
): Promise<void> {
  const permanent =
    error instanceof CpralError &&
    (error.code === 'INVALID_ARGUMENT' || error.code === 'NOT_FOUND' || error.code === 'DATA_LOSS');
  const cause = error instanceof Error ? error.message : String(error);
  log.error({ item: itemId, permanent, err: error }, 'work failed');
  await reported(clock, () =>
    call(
      registry.failWorkItem.bind(registry),
      { itemId, leaseToken, cause, permanent },
      { deadlineMs: CALL_DEADLINE_MS },
    ),
  ).catch((cause) => log.warn({ item: itemId, err: cause }, 'failure not reported; the lease will expire'));
}
