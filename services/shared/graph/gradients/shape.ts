// Gradients of the operations that move elements: the same way back.
import { addTensor } from '../graph.ts';
import { constantIntegers } from '../operations/constant.ts';
import { reduce } from '../operations/reduction.ts';
import { pad, reshape, slice, transpose } from '../operations/shape.ts';
import type { GradientTable } from './gradient.ts';

export const shapeGradients: GradientTable = {
  Reshape: (graph, { inputs: [x] }, dy) => [reshape(graph, dy, x!.shape)],
  Tile: (graph, { inputs: [x], outputs: [y] }, dy) => {
    // Each axis is split into its copies and what was copied; the gradient is the sum over the copies.
    const split = x!.shape.flatMap((size, axis) => [y!.shape[axis]! / size, size]);
    const copies = x!.shape.map((_, axis) => 2 * axis).filter((axis) => split[axis] !== 1);
    return [reshape(graph, reduce(graph, 'Sum', reshape(graph, dy, split), { axes: copies }), x!.shape)];
  },
  ConcatV2: (graph, { inputs }, dy) => {
    let offset = 0;
    return inputs.slice(0, -1).map(({ shape }) => {
      const begin = shape.map((_, axis) => (axis === shape.length - 1 ? offset : 0));
      offset += shape.at(-1)!;
      return slice(graph, dy, begin, shape);
    });
  },
  Slice: (graph, { inputs: [x, begin] }, dy) => {
    const before = constantIntegers(begin!);
    return [
      pad(
        graph,
        dy,
        x!.shape.map((size, axis) => [before[axis]!, size - before[axis]! - dy.shape[axis]!]),
      ),
    ];
  },
  Pad: (graph, { inputs: [x, paddings] }, dy) => {
    const before = constantIntegers(paddings!).filter((_, i) => i % 2 === 0);
    return [slice(graph, dy, before, x!.shape)];
  },
  Transpose: (graph, { inputs: [, permutation] }, dy) => {
    const axes = constantIntegers(permutation!);
    return [
      transpose(
        graph,
        dy,
        axes.map((_, axis) => axes.indexOf(axis)),
      ),
    ];
  },
  SpaceToBatchND: (graph, { inputs: [x, block, paddings], attributes }, dy) => [
    addTensor(graph, 'BatchToSpaceND', {
      inputs: [dy, block!, paddings!],
      attributes: { T: attributes.T!, Tblock_shape: attributes.Tblock_shape!, Tcrops: attributes.Tpaddings! },
      shape: x!.shape,
      dtype: x!.dtype,
    }),
  ],
  BatchToSpaceND: (graph, { inputs: [x, block, crops], attributes }, dy) => [
    addTensor(graph, 'SpaceToBatchND', {
      inputs: [dy, block!, crops!],
      attributes: { T: attributes.T!, Tblock_shape: attributes.Tblock_shape!, Tpaddings: attributes.Tcrops! },
      shape: x!.shape,
      dtype: x!.dtype,
    }),
  ],
};
