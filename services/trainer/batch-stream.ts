// The batches of a training's steps, made ahead by a thread of their own.
import { Worker } from 'node:worker_threads';
import { fromPlainError, toPlainError } from '../shared/compute/messages.ts';
import { CpralError } from '../shared/errors.ts';
import type { ObjectReader } from '../shared/objects/object-store.ts';
import type { Batch } from './batch.ts';
import type { BatchThreadData, FromThread, ToThread } from './batch-messages.ts';
import type { LabelledPixels } from './count-labelled-pixels.ts';

const THREAD = new URL('./batch-thread.ts', import.meta.url);
/** Batches that wait for their steps: one would do, two bridge a slow one. */
const BATCHES_AHEAD = 2;

export interface BatchStream {
  readonly labelled: LabelledPixels;
  /** Steps are asked for in their order, from the first one given to `openBatches`. */
  next(): Promise<Batch>;
  close(): Promise<void>;
}

/**
 * @param steps from the first to one before the last
 * @param onSample hears how many samples are read: all are, before there is a batch
 * @throws what is wrong with a sample, at the latest when its batch is awaited
 */
export async function openBatches(
  objects: ObjectReader,
  data: BatchThreadData,
  steps: { readonly first: number; readonly last: number },
  onSample: (read: number) => void = () => {},
): Promise<BatchStream> {
  const thread = new Worker(THREAD, { workerData: data });
  const send = (message: ToThread) => thread.postMessage(message);
  const labelled = Promise.withResolvers<LabelledPixels>();
  const batches = new Map<number, PromiseWithResolvers<Batch>>();
  const { promise: failure, reject: fail } = Promise.withResolvers<never>();
  // It is told where something is awaited.
  failure.catch(() => {});
  thread.on('error', fail);
  thread.on('exit', (code) =>
    fail(new CpralError('INTERNAL', `the thread that makes batches ended with code ${code}`)),
  );
  thread.on('message', async (message: FromThread) => {
    switch (message.type) {
      case 'read':
        return onSample(message.samples);
      case 'labelled':
        return labelled.resolve(message.labelled);
      case 'batch':
        return batches.get(message.step)!.resolve(message.batch);
      case 'error':
        return fail(fromPlainError(message.error));
      case 'get': {
        const { question, ref } = message;
        try {
          send({ type: 'object', question, bytes: await objects.get(ref) });
        } catch (error) {
          send({ type: 'no-object', question, error: toPlainError(error) });
        }
      }
    }
  });

  let next = steps.first;
  let asked = steps.first;
  const askAhead = () => {
    for (; asked < Math.min(steps.last, next + 1 + BATCHES_AHEAD); asked++) {
      batches.set(asked, Promise.withResolvers());
      send({ type: 'make', step: asked });
    }
  };
  const close = async () => {
    await thread.terminate();
  };
  try {
    return {
      labelled: await Promise.race([labelled.promise, failure]),
      async next() {
        askAhead();
        const batch = await Promise.race([failure, batches.get(next)!.promise]);
        batches.delete(next++);
        return batch;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
