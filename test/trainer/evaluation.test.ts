import { describe, expect, it } from 'vitest';
import { countPixels, evaluate, newPixelCounts } from '../../services/trainer/evaluation.ts';

function evaluationOf(truth: number[], predicted: number[], classCount = 3) {
  const counts = newPixelCounts(classCount);
  countPixels(counts, { truth: Uint8Array.from(truth), predicted: Uint8Array.from(predicted) });
  return evaluate(counts);
}

describe('mIoU', () => {
  it('is worked out by hand', () => {
    // Class 0: 2 right of 3 in the union; class 1: 1 of 3; class 2: 1 of 2.
    const { miou, iou, pixelAccuracy, confusion } = evaluationOf([0, 0, 1, 1, 2, 2], [0, 0, 0, 1, 1, 2]);
    expect(iou).toEqual([2 / 3, 1 / 3, 1 / 2]);
    expect(miou).toBeCloseTo(0.5, 12);
    expect(pixelAccuracy).toBeCloseTo(4 / 6, 12);
    expect(confusion).toEqual([2n, 0n, 0n, 1n, 1n, 0n, 0n, 1n, 1n]);
  });

  it('ignores pixels without a true class', () => {
    expect(evaluationOf([0, 255, 1], [0, 1, 1]).miou).toBe(1);
  });

  it('comes with what was predicted, where nobody knows better too', () => {
    expect(evaluationOf([0, 255, 1], [0, 1, 1]).predictedPixels).toEqual([1n, 2n, 0n]);
  });

  it('leaves out a class that is absent from both, and counts one that is only predicted', () => {
    expect(evaluationOf([0, 0], [0, 0])).toMatchObject({ miou: 1, iou: [1, -1, -1] });
    expect(evaluationOf([0, 0], [0, 2])).toMatchObject({ miou: 0.25, iou: [0.5, -1, 0] });
  });

  it('sums pixels over images before it divides', () => {
    const counts = newPixelCounts(2);
    countPixels(counts, { truth: Uint8Array.of(0), predicted: Uint8Array.of(0) });
    countPixels(counts, { truth: Uint8Array.of(0, 1, 1), predicted: Uint8Array.of(1, 1, 1) });
    expect(evaluate(counts).iou).toEqual([1 / 2, 2 / 3]);
  });

  it('is 0 where nothing was measured', () => {
    expect(evaluate(newPixelCounts(2))).toMatchObject({ miou: 0, iou: [-1, -1], pixelAccuracy: 0 });
  });
});
