import { describe, expect, it } from 'vitest';
import type { TrainingSample } from '../../proto/gen/cpral/v1/trainer.ts';
import { encodeMask, encodeRgb } from '../../services/shared/images/images.ts';
import { refBlob } from '../../services/shared/objects/blob.ts';
import { makeBatch } from '../../services/trainer/batch.ts';
import { openBatches } from '../../services/trainer/batch-stream.ts';
import { openSamples } from '../../services/trainer/samples.ts';
import { memoryObjectStore } from '../support/memory-object-store.ts';
import { TINY_CLASSES, TINY_SIZE, tinyImage, tinyLabels } from '../support/tiny-network.ts';

const objects = memoryObjectStore();
const samples: TrainingSample[] = [];
for (const [i, unlabelled] of [0, 0.5, 0.9].entries()) {
  const image = refBlob(await objects.put(await encodeRgb({ ...TINY_SIZE, data: tinyImage(i) })));
  const classes = refBlob(await objects.put(await encodeMask({ ...TINY_SIZE, data: tinyLabels(unlabelled, i) })));
  samples.push({ imageId: `image${i}`, image, classes });
}
const shape = { size: TINY_SIZE, classCount: TINY_CLASSES, seed: 4, batchSize: 2 };
const augmentation = { flip: true, blur: true, scaleAndBrightness: true };
const listed = (inline: readonly TrainingSample[]) => ({ inline, stored: undefined });
const data = { ...shape, samples: listed(samples), augmentation };

describe('a stream of batches', () => {
  it('brings the batch of every step, from the one it starts at', async () => {
    const stream = await openBatches(objects, data, { first: 3, last: 9 });
    try {
      const source = {
        samples: openSamples(objects, listed(samples), 'train', shape),
        labelledPixels: stream.labelled.bySample,
        augmentation,
        ...shape,
        ...TINY_SIZE,
      };
      for (let step = 3; step < 9; step++) expect(await stream.next()).toEqual(await makeBatch(source, step));
    } finally {
      await stream.close();
    }
  });

  it('counts what is labelled, by sample and by class', async () => {
    const stream = await openBatches(objects, data, { first: 0, last: 1 });
    await stream.close();
    const masks = [0, 0.5, 0.9].map((unlabelled, i) => tinyLabels(unlabelled, i));
    expect(stream.labelled.bySample).toEqual(masks.map((mask) => mask.filter((id) => id !== 255).length));
    expect(stream.labelled.byClass).toEqual(
      Array.from({ length: TINY_CLASSES }, (_, id) =>
        masks.reduce((sum, mask) => sum + mask.filter((label) => label === id).length, 0),
      ),
    );
  });

  it('says which image cannot be read, and why', async () => {
    const lost = {
      ...samples[0]!,
      imageId: 'lost',
      image: refBlob({ digest: `sha256/${'0'.repeat(64)}`, sizeBytes: 1n }),
    };
    const stream = openBatches(objects, { ...data, samples: listed([...samples, lost]) }, { first: 0, last: 1 });
    await expect(stream).rejects.toMatchObject({ code: 'NOT_FOUND', message: expect.stringMatching(/^image lost: /) });
  });

  it('ends with the thread where nobody waits for the batches that it was asked for', async () => {
    const stream = await openBatches(objects, data, { first: 0, last: 100 });
    await stream.next();
    await stream.close();
    await expect(stream.next()).rejects.toThrow('the thread that makes batches ended');
  });
});
