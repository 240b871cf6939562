import { describe, expect, it } from 'vitest';
import { batchSamples, pairedOrder } from '../../services/trainer/data-order.ts';

const order = { seed: 3, sampleCount: 5, batchSize: 4 };

describe('the data order', () => {
  it('shows every sample once an epoch', () => {
    const seen = Array.from({ length: 5 }, (_, step) => batchSamples(order, step)).flat();
    for (let epoch = 0; epoch < 4; epoch++) {
      expect(seen.slice(epoch * 5, epoch * 5 + 5).sort()).toEqual([0, 1, 2, 3, 4]);
    }
  });

  it('shuffles each epoch anew', () => {
    const epochs = [0, 1, 2, 3].map((step) => batchSamples({ ...order, sampleCount: 20, batchSize: 20 }, step).join());
    expect(new Set(epochs).size).toBe(4);
  });

  it('is a function of seed and step alone', () => {
    expect(batchSamples(order, 7)).toEqual(batchSamples(order, 7));
    const large = { ...order, sampleCount: 50 };
    expect(batchSamples(large, 7)).not.toEqual(batchSamples({ ...large, seed: 4 }, 7));
  });

  it('repeats samples where a batch holds more than there are', () => {
    expect(batchSamples({ seed: 0, sampleCount: 1, batchSize: 3 }, 2)).toEqual([0, 0, 0]);
  });
});

describe('the order inside a batch', () => {
  it('pairs the most completely labelled samples with each other', () => {
    const shares = [0.1, 1, 0, 0.9, 1, 0.2];
    const placed = pairedOrder(shares);
    const pairs = [0, 1, 2].map((i) => [placed[i]!, placed[5 - i]!].map((slot) => shares[slot]));
    expect(pairs).toEqual([
      [1, 1],
      [0.9, 0.2],
      [0.1, 0],
    ]);
  });

  it('places every sample once, odd numbers included', () => {
    expect(pairedOrder([0, 0, 0]).sort()).toEqual([0, 1, 2]);
  });
});
