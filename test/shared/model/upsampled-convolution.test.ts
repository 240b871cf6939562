import { describe, expect, it } from 'vitest';
import { sizeOf } from '../../../services/shared/graph/graph.ts';
import { graphOperations } from '../../../services/shared/model/graph-operations.ts';
import { makeLayers } from '../../../services/shared/model/layers.ts';
import { convolveUpsampled } from '../../../services/shared/model/upsampled-convolution.ts';
import { seededRandom } from '../../../services/shared/random.ts';
import { eagerOperations, tf } from '../../support/eager-operations.ts';
import { floats, runGraph } from '../../support/run-graph.ts';

const signed = (shape: readonly number[], name: string) => {
  const random = seededRandom(name);
  return floats(
    shape,
    Array.from({ length: sizeOf(shape) }, () => 2 * random() - 1),
  );
};

describe('a convolution of an upsampled map', () => {
  it.each([
    { from: [3, 4], to: [10, 13] },
    { from: [5, 2], to: [5, 8] },
    { from: [1, 3], to: [4, 9] },
    { from: [6, 6], to: [6, 6] },
    { from: [4, 5], to: [1, 1] },
  ])('is what upsampling and then convolving gives: $from to $to', ({ from: [h, w], to: [height, width] }) => {
    const x = signed([2, h!, w!, 3], 'map');
    const filter = signed([3, 3, 3, 4], 'filter');
    const size = { height: height!, width: width! };
    const [compiled] = runGraph([x, filter], (graph, [a, b]) => [
      convolveUpsampled(graphOperations(graph), a!, b!, size),
    ]);
    const expected = tf.tidy(() => {
      const upsampled = eagerOperations.resizeBilinear(tf.tensor(x.data, [...x.shape]), size.height, size.width);
      const plain = { stride: 1, dilation: 1 };
      return eagerOperations.conv2d(upsampled, tf.tensor(filter.data, [...filter.shape]), plain).dataSync();
    });
    expect(compiled!.shape).toEqual([2, height, width, 4]);
    compiled!.data.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 5);
    });
  });
});

describe('a joined convolution', () => {
  it('is the convolution of the joined channels, the upsampled ones first', () => {
    const [upsampled, beside, filter] = [
      [1, 3, 4, 2],
      [1, 7, 9, 3],
      [3, 3, 5, 4],
    ].map((shape, i) => {
      const { data } = signed(shape, `joined${i}`);
      return tf.tensor(data, shape);
    });
    const layers = makeLayers(
      eagerOperations,
      () => filter!,
      (x) => x,
    );
    const parts = { upsampled: upsampled!, beside: beside! };
    const joined = layers.joinedConvolution(parts, 'any', { channels: 4, activation: 'none' }).dataSync();
    const channels = eagerOperations.concat([eagerOperations.resizeBilinear(upsampled!, 7, 9), beside!]);
    const expected = eagerOperations.conv2d(channels, filter!, { stride: 1, dilation: 1 }).dataSync();
    joined.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 5);
    });
  });
});
