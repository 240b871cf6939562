// The compute process: runs one function at a time for its parent, and does not outlive it.
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Span } from '@opentelemetry/api';
import { Progress } from '../../../proto/gen/cpral/v1/trainer.ts';
import { openObjectStore } from '../objects/open-object-store.ts';
import { continuing, inSpan, markFailed } from '../telemetry/spans.ts';
import type { Tracing } from '../telemetry/tracing.ts';
import { onTensorFlowLoaded } from '../tensorflow/tensorflow.ts';
import type { ComputeFunction } from './compute.ts';
import { type ChildMessage, type RunMessage, toPlainError } from './messages.ts';

const PROGRESS_INTERVAL_MS = 250;

const objects = openObjectStore(process.argv[2] ?? '');
const send = (message: ChildMessage) => process.send?.(message);

onTensorFlowLoaded((tensorflow) => send({ type: 'tensorflow', tensorflow }));
// A thread of its own: this one may be deep in TensorFlow when the parent dies.
new Worker(new URL('./orphan-watch.ts', import.meta.url)).unref();
process.on('disconnect', () => process.exit());
process.on('message', (message: RunMessage) => void run(message));
// The parent decides when the work ends; Ctrl-C in a terminal reaches both.
process.on('SIGINT', () => {});

let tracing: Promise<Tracing> | undefined;

async function run(message: RunMessage): Promise<void> {
  const { module, traceparent } = message;
  // The parent traces, so this process does; where to is in the environment that it has from there.
  if (traceparent) tracing ??= startTracing();
  const started = await tracing;
  const name = `compute ${path.basename(module, '.ts')}`;
  send(await continuing(traceparent, () => inSpan(name, {}, (span) => compute(message, span))));
  // Not waited for: a collector that is slow must not be what the work waits for.
  void started?.flush();
}

async function startTracing(): Promise<Tracing> {
  const { startTracing: start } = await import('../telemetry/tracing.ts');
  return start('compute', { sampler: 'parentbased_always_on', ratio: 1 });
}

async function compute({ module, spec }: RunMessage, span: Span): Promise<ChildMessage> {
  const start = performance.now();
  const report = throttled((progress) => send({ type: 'progress', progress }));
  try {
    const { default: work } = (await import(module)) as { default: ComputeFunction<unknown, unknown> };
    const result = await work(spec, {
      objects,
      progress: (progress) => report(Progress.fromPartial(progress)),
      trainingStepTook: (seconds) => send({ type: 'training-step', seconds }),
    });
    const seconds = (performance.now() - start) / 1_000;
    return { type: 'result', result, seconds, residentBytes: process.memoryUsage.rss() };
  } catch (error) {
    markFailed(span, error);
    return { type: 'error', error: toPlainError(error), residentBytes: process.memoryUsage.rss() };
  }
}

function throttled(report: (progress: Progress) => void): (progress: Progress) => void {
  let last = 0;
  return (progress) => {
    const now = performance.now();
    if (now - last < PROGRESS_INTERVAL_MS && !progress.checkpoint && progress.unitsDone < progress.unitsTotal) return;
    last = now;
    report(progress);
  };
}
