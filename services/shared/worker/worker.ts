// Pulls work, one item at a time: lease, compute, report, acknowledge. While the work makes progress lease and message are kept;
// when the lease is lost the work is given up, because somebody else has it.
import { hostname } from 'node:os';
import type { WorkLease, WorkQueueClient } from '../../../proto/gen/cpral/v1/work.ts';
import type { Bus, Delivery, Outcome } from '../bus/bus.ts';
import { processing } from '../bus/message-spans.ts';
import { type Clock, systemClock } from '../clock.ts';
import { CpralError } from '../errors.ts';
import type { Log } from '../log.ts';
import { alwaysReady, type Readiness } from '../readiness.ts';
import { withLogIds } from '../telemetry/log-ids.ts';
import { keepLease } from './keep-lease.ts';
import { workReports } from './work-reports.ts';
import type { WorkerService } from './worker-service.ts';

/** Work that reports nothing for so long is taken for hung, and ended. */
const SILENCE_LIMIT_MS = 120_000;
/** The registry, or a store, is away for a while. */
const OUTAGE_DELAY_MS = 2_000;
/** Reasons that only a person can mend; all work that meets them fails alike. */
const SETTINGS = new Set(['OBJECT_STORE_REFUSES', 'NO_BUCKET', 'TENSORFLOW_UNUSABLE']);
const FORGET: Outcome = { action: 'forget' };

export interface WorkerOptions {
  readonly service: WorkerService;
  readonly bus: Bus;
  readonly registry: WorkQueueClient;
  readonly log: Log;
  /** Takes work only while this is so. A worker that lacks something is never busy, and would get most of what others failed at. */
  readonly readiness?: Readiness;
  readonly clock?: Clock;
  readonly silenceLimitMs?: number;
}

export interface RunningWorker {
  /**
   * Takes nothing new, and resolves when what was taken is finished or, after the grace, given back.
   * @param graceMs how long work under way may take to finish
   */
  close(options?: { readonly graceMs?: number }): Promise<void>;
}

export function startWorker(options: WorkerOptions): RunningWorker {
  const closing = new AbortController();
  const stop = new AbortController();
  const done = takeWhileReady(options, { closing: closing.signal, stopping: stop.signal });
  return {
    async close({ graceMs = 0 } = {}) {
      closing.abort();
      if (graceMs === 0) stop.abort();
      const timer = setTimeout(() => stop.abort(), graceMs);
      await done;
      clearTimeout(timer);
    },
  };
}

interface Ends {
  /** Nothing new is taken. */
  readonly closing: AbortSignal;
  /** What is under way is given back. */
  readonly stopping: AbortSignal;
}

async function takeWhileReady(options: WorkerOptions, { closing, stopping }: Ends): Promise<void> {
  const { service, bus, readiness = alwaysReady() } = options;
  while (await readiness.until(true, closing)) {
    const subscription = bus.consumeWork(service.kind, (delivery) => observed(options, delivery, stopping));
    await readiness.until(false, closing);
    await subscription.close();
  }
}

/** In the trace of whoever opened the item, with its ids on every log line. */
function observed(options: WorkerOptions, delivery: Delivery, stopping: AbortSignal): Promise<Outcome> {
  const { service } = options;
  const { itemId: item, traceparent } = delivery;
  const worker = `${service.name}@${hostname()}/${process.pid}`;
  return processing(`cpral.work.${service.kind}`, { id: item, traceparent }, async (span) => {
    const outcome = await withLogIds({ item, worker }, () => deal(options, delivery, worker, stopping));
    span.setAttributes({ 'cpral.worker': worker, 'cpral.outcome': outcome.action });
    return outcome;
  });
}

async function deal(
  options: WorkerOptions,
  delivery: Delivery,
  worker: string,
  stopping: AbortSignal,
): Promise<Outcome> {
  const { registry, log, clock = systemClock } = options;
  const { itemId } = delivery;
  const reports = workReports({ registry, log, clock });
  let lease: WorkLease | undefined;
  try {
    lease = await reports.lease(itemId, worker);
  } catch (error) {
    // Somebody else has the item, or it is done. The reconciler publishes it again if it is open.
    if (error instanceof CpralError && (error.code === 'FAILED_PRECONDITION' || error.code === 'NOT_FOUND'))
      return FORGET;
    log.warn({ item: itemId, err: error }, 'no lease');
    return { action: 'retry', afterMs: OUTAGE_DELAY_MS };
  }
  if (stopping.aborted) {
    await reports.release(lease, 'its worker stops');
    return { action: 'retry', afterMs: 0 };
  }
  const { campaignId: campaign, cycle } = lease;
  const assignment = { lease, delivery, stopping };
  return withLogIds({ campaign, cycle }, () => work(options, assignment));
}

interface Assignment {
  readonly lease: WorkLease;
  readonly delivery: Delivery;
  readonly stopping: AbortSignal;
}

async function work(options: WorkerOptions, { lease, delivery, stopping }: Assignment): Promise<Outcome> {
  const { service, registry, log, clock = systemClock, silenceLimitMs = SILENCE_LIMIT_MS } = options;
  const reports = workReports({ registry, log, clock });
  const keeper = keepLease({ registry, clock, lease, silenceLimitMs, working: () => delivery.working() });
  const signal = AbortSignal.any([stopping, keeper.ended]);
  try {
    const { started: onStart, progress: onProgress } = keeper;
    const done = await service.handler(lease, { signal, onStart, onProgress });
    // Kept until the result is in: a registry that is away for a while must not find the lease run out.
    keeper.computed();
    await reports.complete(lease, done, stopping);
    await keeper.stop();
    log.info({ seconds: done.seconds }, 'work done');
    return FORGET;
  } catch (error) {
    await keeper.stop();
    const item = lease.itemId;
    if (keeper.end() === 'lost' || isLeaseLost(error)) {
      log.warn({ item }, 'lease lost, work given up');
      return FORGET;
    }
    if (stopping.aborted) {
      log.info({ item }, 'stopping, work given back');
      await reports.release(lease, 'its worker stops');
      return { action: 'retry', afterMs: 0 };
    }
    if (isOutage(error) && keeper.end() === undefined) {
      log.warn({ item, err: error }, 'something that the work needs is away, work given back');
      await reports.release(lease, causeOf(error), OUTAGE_DELAY_MS);
      return { action: 'retry', afterMs: OUTAGE_DELAY_MS };
    }
    const cause =
      keeper.end() === 'hung' ? `no progress for ${silenceLimitMs / 1_000} s, taken for hung` : causeOf(error);
    const permanent = isPermanent(error);
    log.error({ item, permanent, cause, err: error }, 'work failed');
    const retryAfterMs = await reports.fail(lease, { cause, permanent }, stopping);
    return retryAfterMs === undefined ? { action: 'refuse', cause } : { action: 'retry', afterMs: retryAfterMs };
  }
}

function causeOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function isLeaseLost(error: unknown): boolean {
  return error instanceof CpralError && error.code === 'ABORTED';
}

function isPermanent(error: unknown): boolean {
  return error instanceof CpralError && ['INVALID_ARGUMENT', 'NOT_FOUND', 'DATA_LOSS'].includes(error.code);
}

/** Not the item's doing: a store or the registry is away, or this worker lacks something. What the compute process died of may well be. */
function isOutage(error: unknown): boolean {
  if (!(error instanceof CpralError)) return false;
  if (SETTINGS.has(error.reason)) return true;
  return ['UNAVAILABLE', 'DEADLINE_EXCEEDED'].includes(error.code) && !error.reason.startsWith('COMPUTE_');
}
