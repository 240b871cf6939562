import { describe, expect, it } from 'vitest';
import { EntropyWeight, Evaluation } from '../../proto/gen/cpral/v1/resources.ts';
import { entropyClassWeights } from '../../services/pool-registry/campaign/entropy-weights.ts';

const { ENTROPY_WEIGHT_RARITY, ENTROPY_WEIGHT_VOID_DISCOUNT } = EntropyWeight;

const predicted = (...predictedPixels: bigint[]) =>
  Evaluation.fromPartial({ predictedPixels, confusion: Array(predictedPixels.length ** 2).fill(0n) });

describe('the weights of a pixel’s entropy', () => {
  it('are none where the strategy wants none', () => {
    expect(entropyClassWeights([], predicted(1n, 2n), 2)).toEqual([]);
  });

  it('are the median frequency over the class’s by rarity, 5 at most', () => {
    expect(entropyClassWeights([ENTROPY_WEIGHT_RARITY], predicted(80n, 20n, 2n), 3)).toEqual([1 / 4, 1, 5]);
  });

  it('take the mean of the two middle frequencies, and leave out classes that are never predicted', () => {
    expect(entropyClassWeights([ENTROPY_WEIGHT_RARITY], predicted(0n, 20n, 40n), 3)).toEqual([5, 30 / 20, 30 / 40]);
  });

  it('are the share of predictions with a true class by void discount', () => {
    // Columns: 4 of the 5 pixels predicted as 0 have a class, all 3 predicted as 1; nothing is predicted as 2.
    const confusion = [3n, 1n, 0n, 1n, 2n, 0n, 0n, 0n, 0n];
    const evaluation = Evaluation.fromPartial({ predictedPixels: [5n, 3n, 0n], confusion });
    expect(entropyClassWeights([ENTROPY_WEIGHT_VOID_DISCOUNT], evaluation, 3)).toEqual([4 / 5, 1, 1]);
  });

  it('are multiplied where the strategy wants both', () => {
    const evaluation = Evaluation.fromPartial({ predictedPixels: [8n, 2n], confusion: [4n, 0n, 0n, 2n] });
    const both = entropyClassWeights([ENTROPY_WEIGHT_RARITY, ENTROPY_WEIGHT_VOID_DISCOUNT], evaluation, 2);
    expect(both).toEqual([(5 / 8) * (4 / 8), (5 / 2) * 1]);
  });

  it('are refused of an evaluation that does not count what is predicted, as earlier trainings made them', () => {
    const earlier = Evaluation.fromPartial({ confusion: [4n, 0n, 0n, 2n] });
    expect(() => entropyClassWeights([ENTROPY_WEIGHT_RARITY], earlier, 2)).toThrow('counts predictions of 2 classes');
    expect(() => entropyClassWeights([ENTROPY_WEIGHT_RARITY], predicted(1n, 2n, 3n), 2)).toThrow();
  });
});
