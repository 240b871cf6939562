import { describe, expect, test } from 'vitest';
import { lossPairs } from '../../services/panoptic-scorer/loss-pairs.ts';
import { seededRandom } from '../../services/shared/random.ts';
import goldens from '../goldens/loss-pairs.json' with { type: 'json' };

describe('lossPairs', () => {
  test('by hand: first with last, second with second last, the mean of both', () => {
    // (3, 1): right order by 0.25, so 1 - 0.25. (2, 4): wrong order by 0.5, so 1 + 0.5.
    expect(lossPairs([3, 2, 4, 1], [0.5, 1.5, 1, 0.25])).toBe((0.75 + 1.5) / 2);
  });

  test('a pair in the right order by the margin or more costs nothing', () => {
    expect(lossPairs([2, 1], [1, 0])).toBe(0);
    expect(lossPairs([1, 2], [-5, 0])).toBe(0);
  });

  test('a tie counts as l_i < l_j: its sign is -1', () => {
    expect(lossPairs([2, 2], [0.5, 0])).toBe(1.5);
    expect(lossPairs([2, 2], [0, 0.5])).toBe(0.5);
  });

  test('the margin is the cost of equal predictions', () => {
    expect(lossPairs([2, 1], [7, 7], 0.25)).toBe(0.25);
  });

  test('neither a shift of the predictions nor the scale of the losses matters', () => {
    const random = seededRandom('loss-pairs');
    const losses = Float64Array.from({ length: 8 }, random);
    const predictions = Float64Array.from({ length: 8 }, random);
    const loss = lossPairs(losses, predictions);
    expect(
      lossPairs(
        losses.map((l) => 10 * l),
        predictions.map((p) => p + 4),
      ),
    ).toBeCloseTo(loss, 12);
  });

  test.each(goldens)('agrees with NumPy on a batch (test/goldens/make_goldens.py): $loss', (golden) => {
    expect(lossPairs(golden.losses, golden.predictions, golden.margin)).toBeCloseTo(golden.loss, 14);
  });

  test('an odd batch, an empty one and unequal lengths are refused', () => {
    expect(() => lossPairs([1, 2, 3], [1, 2, 3])).toThrow('an even number of images, got 3');
    expect(() => lossPairs([], [])).toThrow('an even number of images, got 0');
    expect(() => lossPairs([1, 2], [1])).toThrow('expected 2 predictions for 2 losses, got 1');
  });
});
