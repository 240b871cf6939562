import { describe, expect, it } from 'vitest';
import { epochOrder } from '../../services/panoptic-scorer/epoch-order.ts';

const places = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);

describe('the order of a pool in training', () => {
  it('draws every image once an epoch, in another order each time', () => {
    const order = epochOrder(1, 'labelled', 50);
    const epochs = [0, 1, 2].map((epoch) => places(50 * epoch, 50).map(order));
    for (const epoch of epochs) expect(epoch.toSorted((a, b) => a - b)).toEqual(places(0, 50));
    expect(epochs[1]).not.toEqual(epochs[0]);
    expect(epochs[2]).not.toEqual(epochs[1]);
  });

  it('is a function of seed, pool and place, whatever was asked before', () => {
    const all = places(0, 30).map(epochOrder(1, 'labelled', 7));
    expect(places(20, 10).map(epochOrder(1, 'labelled', 7))).toEqual(all.slice(20));
    expect(places(0, 30).map(epochOrder(2, 'labelled', 7))).not.toEqual(all);
    expect(places(0, 30).map(epochOrder(1, 'unlabelled', 7))).not.toEqual(all);
  });

  it('repeats a pool that is smaller than a batch, evenly', () => {
    const order = epochOrder(3, 'labelled', 3);
    const counts = [0, 0, 0];
    for (const place of places(0, 12)) counts[order(place)]!++;
    expect(counts).toEqual([4, 4, 4]);
  });
});
