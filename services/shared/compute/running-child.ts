// A compute process as its parent sees it, from its start to its end. It does one piece of work at a time.
import { AsyncResource } from 'node:async_hooks';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { CpralError } from '../errors.ts';
import type { Log } from '../log.ts';
import { trainingStepSeconds } from '../telemetry/metrics.ts';
import type { Computed, ComputeOptions } from './compute.ts';
import { watchMemory } from './memory-watch.ts';
import { type ChildMessage, fromPlainError, type RunMessage } from './messages.ts';
import { watchResidentBytes } from './resident-bytes.ts';

const CHILD = new URL('./child.ts', import.meta.url);
const STDERR_KEPT_CHARS = 2_000;

export interface ChildSettings {
  readonly objectsUrl: string;
  /** That TensorFlow computes with; as many as there are cores where it is not given. */
  readonly threads?: number | undefined;
  readonly memoryLimitBytes: number;
  readonly log: Log;
}

export interface Done<Result> {
  readonly computed: Computed<Result>;
  /** What the process held after the work. */
  readonly residentBytes: number;
}

export interface RunningChild {
  isAlive(): boolean;
  /** Throws what the work throws, CANCELLED when it was aborted, or why the process ended. */
  run<Result>(message: RunMessage, options: ComputeOptions): Promise<Done<Result>>;
  stop(): Promise<void>;
}

/** The work under way. */
interface Work {
  hear(message: ChildMessage): void;
  fail(error: CpralError): void;
}

/** @throws UNAVAILABLE where the system has no process to give */
export function startChild({ objectsUrl, threads, memoryLimitBytes, log }: ChildSettings): RunningChild {
  const child = forkChild(objectsUrl, threads);
  const isAlive = () => child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  const stderr = keepStderr(child, log);
  let exceededBytes = 0;
  const unwatch = watch(child, memoryLimitBytes, (residentBytes) => {
    exceededBytes = residentBytes;
    child.kill('SIGKILL');
  });
  let work: Work | undefined;
  // A pipe that broke is known of before the end of the process is: the next work must not be sent there.
  let reachable = true;
  child.on('message', (message: ChildMessage) => work?.hear(message));
  // Of a start that failed, or of a message to a process that is gone; whose end, where there is one, says more.
  child.on('error', (cause) => {
    reachable = false;
    work?.fail(child.pid === undefined ? refused(cause) : crashed('cannot be reached', cause));
  });
  child.once('exit', (code, killedBy) => {
    unwatch();
    const how = killedBy ? `ended by ${killedBy}` : `ended with code ${code}`;
    work?.fail(exceededBytes > 0 ? outOfMemory(exceededBytes, memoryLimitBytes) : crashed(how, stderr()));
  });
  log.info({ child: child.pid }, 'compute process started');

  return {
    isAlive: () => reachable && isAlive() && child.connected,
    async run<Result>(message: RunMessage, { onProgress, signal }: ComputeOptions) {
      const { promise, resolve, reject } = Promise.withResolvers<Done<Result>>();
      // Bound to this work: what is logged carries its ids.
      work = {
        hear: AsyncResource.bind((answer: ChildMessage) => {
          if (answer.type === 'tensorflow') log.info({ child: child.pid, ...answer.tensorflow }, 'TensorFlow loaded');
          else if (answer.type === 'progress') onProgress?.(answer.progress);
          else if (answer.type === 'training-step') trainingStepSeconds.observe(answer.seconds);
          else if (answer.type === 'error') reject(fromPlainError(answer.error));
          else resolve(doneBy(answer));
        }),
        fail: AsyncResource.bind((error: CpralError) => {
          if (signal?.aborted) return reject(new CpralError('CANCELLED', 'the work was cancelled'));
          log.error({ child: child.pid, err: error, stderr: stderr() }, 'compute process failed');
          reject(error);
        }),
      };
      const abort = () => child.kill('SIGKILL');
      signal?.addEventListener('abort', abort, { once: true });
      try {
        child.send(message);
        return await promise;
      } finally {
        signal?.removeEventListener('abort', abort);
        work = undefined;
      }
    },
    async stop() {
      if (!isAlive()) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}

function forkChild(objectsUrl: string, threads: number | undefined): ChildProcess {
  const env = threads === undefined ? process.env : { ...process.env, ...threadSettings(threads) };
  try {
    return fork(CHILD, [objectsUrl], { env, serialization: 'advanced', stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  } catch (cause) {
    throw refused(cause);
  }
}

/** As TensorFlow reads them when it is loaded: inside an operation, and operations beside each other. */
function threadSettings(threads: number): Record<string, string> {
  return { TF_NUM_INTRAOP_THREADS: `${threads}`, TF_NUM_INTEROP_THREADS: `${threads}` };
}

/** Its memory: as a metric, and against the limit. */
function watch({ pid }: ChildProcess, limitBytes: number, onExceeded: (residentBytes: number) => void): () => void {
  if (pid === undefined) return () => {};
  const unwatch = watchResidentBytes(pid);
  const memory = watchMemory(pid, limitBytes, onExceeded);
  return () => {
    unwatch();
    memory.close();
  };
}

/** @returns the end of what it has written so far */
function keepStderr(child: ChildProcess, log: Log): () => string {
  let kept = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    kept = (kept + text).slice(-STDERR_KEPT_CHARS);
    log.debug({ child: child.pid }, text.trimEnd());
  });
  return () => kept;
}

function doneBy<Result>({ result, seconds, residentBytes }: ChildMessage & { type: 'result' }): Done<Result> {
  return { computed: { result: result as Result, seconds }, residentBytes };
}

/** The system's doing, and no work's. */
function refused(cause: unknown): CpralError {
  return new CpralError('UNAVAILABLE', 'the compute process cannot be started', { reason: 'NO_PROCESS', cause });
}

function crashed(how: string, cause: unknown): CpralError {
  return new CpralError('UNAVAILABLE', `the compute process ${how}`, { reason: 'COMPUTE_CRASHED', cause });
}

function outOfMemory(residentBytes: number, limitBytes: number): CpralError {
  const mib = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`;
  return new CpralError(
    'RESOURCE_EXHAUSTED',
    `the compute process held ${mib(residentBytes)} of memory, more than the ${mib(limitBytes)} that it may`,
    { reason: 'COMPUTE_OUT_OF_MEMORY' },
  );
}
