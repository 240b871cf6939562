// Compute in a child process: started when needed, one function at a time, recycled when it has grown, started anew when it died.
import { AsyncResource } from 'node:async_hooks';
import { type ChildProcess, fork } from 'node:child_process';
import { totalmem } from 'node:os';
import { CpralError } from '../errors.ts';
import type { Log } from '../log.ts';
import { trainingStepSeconds } from '../telemetry/metrics.ts';
import { traceparentNow } from '../telemetry/spans.ts';
import type { Compute, Computed, ComputeOptions } from './compute.ts';
import { watchMemory } from './memory-watch.ts';
import { type ChildMessage, fromPlainError, type RunMessage } from './messages.ts';
import { watchResidentBytes } from './resident-bytes.ts';

const CHILD = new URL('./child.ts', import.meta.url);
/** A child that holds more after its work is replaced before the next. */
const RECYCLE_BYTES = 6 * 2 ** 30;
const STDERR_KEPT_CHARS = 2_000;
const DEFAULT_LIMIT_SHARE = 0.85;

export interface ProcessComputeOptions {
  readonly objectsUrl: string;
  readonly log: Log;
  /** A child that holds more is ended, and its work fails: better it than whatever the system would choose. */
  readonly memoryLimitBytes?: number;
}

export function processCompute({ objectsUrl, log, memoryLimitBytes = defaultLimit() }: ProcessComputeOptions): Compute {
  let child: RunningChild | undefined;
  let queue: Promise<unknown> = Promise.resolve();
  let closed = false;

  const takeTurn = async <Result>(message: RunMessage, options: ComputeOptions): Promise<Computed<Result>> => {
    options.signal?.throwIfAborted();
    if (closed) throw new CpralError('UNAVAILABLE', 'the compute process is shut down');
    if (!child?.alive()) child = startChild(objectsUrl, memoryLimitBytes, log);
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

interface RunningChild {
  alive(): boolean;
  run<Result>(
    message: RunMessage,
    options: ComputeOptions,
  ): Promise<{ computed: Computed<Result>; residentBytes: number }>;
  stop(): Promise<void>;
}

function startChild(objectsUrl: string, memoryLimitBytes: number, log: Log): RunningChild {
  const child: ChildProcess = fork(CHILD, [objectsUrl], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const unwatch = watchResidentBytes(child.pid);
  void exited.then(unwatch);
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_KEPT_CHARS);
    log.debug({ child: child.pid }, text.trimEnd());
  });
  log.info({ child: child.pid }, 'compute process started');
  let exceededBytes = 0;
  const watch = watchMemory(child.pid ?? 0, memoryLimitBytes, (residentBytes) => {
    exceededBytes = residentBytes;
    child.kill('SIGKILL');
  });
  child.once('exit', () => watch.close());

  return {
    alive: () => child.exitCode === null && child.signalCode === null && child.connected,
    run(message, { onProgress, signal }) {
      return new Promise((resolve, reject) => {
        const settle = (finish: () => void) => {
          child.off('message', onMessage);
          child.off('exit', onExit);
          signal?.removeEventListener('abort', onAbort);
          finish();
        };
        // Bound to this work: what they log carries its ids.
        const onMessage = AsyncResource.bind((answer: ChildMessage) => {
          if (answer.type === 'tensorflow') log.info({ child: child.pid, ...answer.tensorflow }, 'TensorFlow loaded');
          else if (answer.type === 'progress') onProgress?.(answer.progress);
          else if (answer.type === 'training-step') trainingStepSeconds.observe(answer.seconds);
          else if (answer.type === 'error') settle(() => reject(fromPlainError(answer.error)));
          else {
            const { result, seconds, residentBytes } = answer;
            settle(() => resolve({ computed: { result: result as never, seconds }, residentBytes }));
          }
        });
        const onExit = AsyncResource.bind((code: number | null, killedBy: string | null) => {
          const how = killedBy ? `by ${killedBy}` : `with code ${code}`;
          const error = signal?.aborted
            ? new CpralError('CANCELLED', 'the work was cancelled')
            : exceededBytes > 0
              ? outOfMemory(exceededBytes, memoryLimitBytes)
              : new CpralError('UNAVAILABLE', `the compute process ended ${how}`, {
                  reason: 'COMPUTE_CRASHED',
                  cause: stderr,
                });
          if (!signal?.aborted) log.error({ child: child.pid, code, killedBy, stderr }, 'compute process ended');
          settle(() => reject(error));
        });
        const onAbort = () => child.kill('SIGKILL');
        child.on('message', onMessage);
        child.once('exit', onExit);
        signal?.addEventListener('abort', onAbort, { once: true });
        child.send(message);
      });
    },
    async stop() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

function outOfMemory(residentBytes: number, limitBytes: number): CpralError {
  const mib = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`;
  return new CpralError(
    'RESOURCE_EXHAUSTED',
    `the compute process held ${mib(residentBytes)} of memory, more than the ${mib(limitBytes)} that it may`,
    { reason: 'COMPUTE_OUT_OF_MEMORY' },
  );
}

/** What is left to this process and the system is small, but enough to say what happened. */
function defaultLimit(): number {
  const constrained = process.constrainedMemory();
  const bytes = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
  return bytes * DEFAULT_LIMIT_SHARE;
}
