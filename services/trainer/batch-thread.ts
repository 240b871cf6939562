// The thread that makes batches: reads, decodes, resizes and augments ahead of the steps, which block their own thread.
import { parentPort, workerData } from 'node:worker_threads';
import type { ObjectRef } from '../../proto/gen/cpral/v1/resources.ts';
import { fromPlainError, toPlainError } from '../shared/compute/messages.ts';
import type { ObjectReader } from '../shared/objects/object-store.ts';
import { makeBatch } from './batch.ts';
import type { BatchThreadData, FromThread, ToThread } from './batch-messages.ts';
import { countLabelledPixels } from './count-labelled-pixels.ts';
import { openSamples } from './samples.ts';

const port = parentPort!;
const { samples: list, size, classCount, seed, batchSize, augmentation } = workerData as BatchThreadData;
const send = (message: FromThread, transfer: readonly ArrayBuffer[] = []) => port.postMessage(message, [...transfer]);

const asked = new Map<number, { resolve: (bytes: Uint8Array) => void; reject: (error: unknown) => void }>();
let questions = 0;
/** Objects come from the other thread, which holds the store; it answers between two steps. */
const objects: ObjectReader = {
  get: (ref: ObjectRef) =>
    new Promise<Uint8Array>((resolve, reject) => {
      const question = questions++;
      asked.set(question, { resolve, reject });
      send({ type: 'get', question, ref });
    }),
};
let labelledPixels: readonly number[] = [];
const samples = openSamples(objects, list, 'train', { size, classCount });

port.on('message', (message: ToThread) => {
  switch (message.type) {
    case 'object':
      asked.get(message.question)!.resolve(message.bytes);
      return void asked.delete(message.question);
    case 'no-object':
      asked.get(message.question)!.reject(fromPlainError(message.error));
      return void asked.delete(message.question);
    case 'make':
      return void make(message.step);
  }
});
count();

async function count(): Promise<void> {
  try {
    const labelled = await countLabelledPixels(samples, classCount, (read) => send({ type: 'read', samples: read }));
    labelledPixels = labelled.bySample;
    send({ type: 'labelled', labelled });
  } catch (error) {
    send({ type: 'error', error: toPlainError(error) });
  }
}

async function make(step: number): Promise<void> {
  try {
    const { height, width } = size;
    const batch = await makeBatch({ samples, labelledPixels, seed, batchSize, height, width, augmentation }, step);
    send({ type: 'batch', step, batch }, [batch.images.buffer, batch.labels.buffer]);
  } catch (error) {
    send({ type: 'error', error: toPlainError(error) });
  }
}
