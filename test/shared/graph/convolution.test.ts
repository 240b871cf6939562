import { describe, expect, it } from 'vitest';
import { conv2d, depthwiseConv2d } from '../../../services/shared/graph/operations/convolution.ts';
import { floats, runGraph } from '../../support/run-graph.ts';

/** The sum of the row of 1, 2, 4, ... under a filter of three ones, every second place. */
function strided(width: number, padding: 'same' | 'symmetric', convolve: typeof conv2d): number[] {
  const row = floats(
    [1, 1, width, 1],
    Array.from({ length: width }, (_, i) => 2 ** i),
  );
  // Only the middle row of the filter meets the image's only one.
  const filter = floats([3, 3, 1, 1], [0, 0, 0, 1, 1, 1, 0, 0, 0]);
  const [y] = runGraph([row, filter], (graph, [x, weights]) => [
    convolve(graph, x!, weights!, { stride: 2, dilation: 1, padding }),
  ]);
  expect(y!.shape).toEqual([1, 1, Math.ceil(width / 2), 1]);
  return [...y!.data];
}

describe.each([
  ['a convolution', conv2d],
  ['a depthwise convolution', depthwiseConv2d],
])('%s with a stride of 2', (_, convolve) => {
  it('has its zeros at both ends of an even size where PyTorch has them, and at the end alone where TensorFlow has', () => {
    expect(strided(4, 'symmetric', convolve)).toEqual([0 + 1 + 2, 2 + 4 + 8]);
    expect(strided(4, 'same', convolve)).toEqual([1 + 2 + 4, 4 + 8 + 0]);
  });

  it('has them at both ends of an odd size either way', () => {
    const expected = [0 + 1 + 2, 2 + 4 + 8, 8 + 16 + 0];
    expect(strided(5, 'symmetric', convolve)).toEqual(expected);
    expect(strided(5, 'same', convolve)).toEqual(expected);
  });
});
