import { describe, expect, it } from 'vitest';
import { batchSamples, pairedOrder } from '../../services/trainer/data-order.ts';

const alike = (samples: number) => new Array<number>(samples).fill(1000);
const order = { seed: 3, labelledPixels: alike(5), batchSize: 4 };

describe('the data order', () => {
  it('shows every sample once an epoch where all are labelled alike', () => {
    const seen = Array.from({ length: 5 }, (_, step) => batchSamples(order, step)).flat();
    for (let epoch = 0; epoch < 4; epoch++) {
      expect(seen.slice(epoch * 5, epoch * 5 + 5).sort()).toEqual([0, 1, 2, 3, 4]);
    }
  });

  it('shuffles each epoch anew', () => {
    const epochs = [0, 1, 2, 3].map((step) =>
      batchSamples({ ...order, labelledPixels: alike(20), batchSize: 20 }, step).join(),
    );
    expect(new Set(epochs).size).toBe(4);
  });

  it('is a function of seed and step alone', () => {
    expect(batchSamples(order, 7)).toEqual(batchSamples(order, 7));
    const large = { ...order, labelledPixels: alike(50) };
    expect(batchSamples(large, 7)).not.toEqual(batchSamples({ ...large, seed: 4 }, 7));
  });

  it('repeats samples where a batch holds more than there are', () => {
    expect(batchSamples({ seed: 0, labelledPixels: [7], batchSize: 3 }, 2)).toEqual([0, 0, 0]);
  });
});

describe('the data order of partly labelled samples', () => {
  const labelledPixels = [1000, 0, 250, 1000, 90, 10, 650];
  const total = 3000;
  const epochs = Array.from({ length: 400 }, (_, step) =>
    batchSamples({ seed: 1, labelledPixels, batchSize: 7 }, step),
  );

  it('shows each as often as it has labelled pixels, rounded up or down within an epoch', () => {
    labelledPixels.forEach((pixels, sample) => {
      const due = (7 * pixels) / total;
      const counts = epochs.map((epoch) => epoch.filter((index) => index === sample).length);
      for (const count of counts) expect([Math.floor(due), Math.ceil(due)]).toContain(count);
      const mean = counts.reduce((sum, count) => sum + count, 0) / epochs.length;
      // Four standard deviations of the mean of 400 roundings.
      expect(Math.abs(mean - due)).toBeLessThan(0.1);
    });
  });

  it('never shows one without a label', () => {
    expect(epochs.flat()).not.toContain(1);
  });
});

describe('the order inside a batch', () => {
  it('pairs the most completely labelled samples with each other', () => {
    const pixels = [10, 100, 0, 90, 100, 20];
    const placed = pairedOrder(pixels);
    const pairs = [0, 1, 2].map((i) => [placed[i]!, placed[5 - i]!].map((slot) => pixels[slot]));
    expect(pairs).toEqual([
      [100, 100],
      [90, 20],
      [10, 0],
    ]);
  });

  it('places every sample once, odd numbers included', () => {
    expect(pairedOrder([0, 0, 0]).sort()).toEqual([0, 1, 2]);
  });
});
