// The compute process: runs one function at a time for its parent, and does not outlive it.
import { Worker } from 'node:worker_threads';
import { Progress } from '../../../proto/gen/cpral/v1/trainer.ts';
import { openObjectStore } from '../objects/open-object-store.ts';
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

async function run({ module, spec }: RunMessage): Promise<void> {
  const start = performance.now();
  const report = throttled((progress) => send({ type: 'progress', progress }));
  try {
    const { default: compute } = (await import(module)) as { default: ComputeFunction<unknown, unknown> };
    const result = await compute(spec, { objects, progress: (progress) => report(Progress.fromPartial(progress)) });
    send({
      type: 'result',
      result,
      seconds: (performance.now() - start) / 1_000,
      residentBytes: process.memoryUsage.rss(),
    });
  } catch (error) {
    send({ type: 'error', error: toPlainError(error), residentBytes: process.memoryUsage.rss() });
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
