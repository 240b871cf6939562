// Compute in a child process: started when needed, one function at a time, recycled when it has grown, started anew when it died.
import { totalmem } from 'node:os';
import { CpralError } from '../errors.ts';
import type { Log } from '../log.ts';
import { traceparentNow } from '../telemetry/spans.ts';
import type { Compute, Computed, ComputeOptions } from './compute.ts';
import type { RunMessage } from './messages.ts';
import { type RunningChild, startChild } from './running-child.ts';

/** A child that holds more after its work is replaced before the next. */
const RECYCLE_BYTES = 6 * 2 ** 30;
const DEFAULT_LIMIT_SHARE = 0.85;

export interface ProcessComputeOptions {
  readonly objectsUrl: string;
  readonly log: Log;
  /** That TensorFlow computes with; by default as many as there are cores. */
  readonly threads?: number | undefined;
  /** A child that holds more is ended, and its work fails: better it than whatever the system would choose. */
  readonly memoryLimitBytes?: number;
}

export function processCompute(options: ProcessComputeOptions): Compute {
  const { objectsUrl, log, threads, memoryLimitBytes = memoryLimit() } = options;
  let child: RunningChild | undefined;
  let queue: Promise<unknown> = Promise.resolve();
  let closed = false;

  const takeTurn = async <Result>(message: RunMessage, options: ComputeOptions): Promise<Computed<Result>> => {
    options.signal?.throwIfAborted();
    if (closed) throw new CpralError('UNAVAILABLE', 'the compute process is shut down');
    if (!child?.isAlive()) child = startChild({ objectsUrl, threads, memoryLimitBytes, log });
    options.onStart?.();
    const { computed, residentBytes } = await child.run<Result>(message, options);
    if (residentBytes > RECYCLE_BYTES) {
      log.info({ residentBytes }, 'compute process recycled');
      await child.stop();
    }
    return computed;
  };

  return {
    run(module, spec, options = {}) {
      const message = { module: module.href, spec, traceparent: traceparentNow() };
      const turn = queue.then(() => takeTurn<never>(message, options));
      queue = turn.catch(() => {});
      return turn;
    },
    async close() {
      closed = true;
      await child?.stop();
      await queue;
    },
  };
}

/**
 * What is left to this process and the system is small, but enough to say what happened.
 * @param processes that share the memory
 */
export function memoryLimit(processes = 1): number {
  const constrained = process.constrainedMemory();
  const bytes = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
  return (bytes * DEFAULT_LIMIT_SHARE) / processes;
}
