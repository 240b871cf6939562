// Gradients of sums and means: every element that was summed gets the gradient of the sum.
import { type Graph, type GraphNode, sizeOf, type Tensor } from '../graph.ts';
import { scalar } from '../operations/constant.ts';
import { binary } from '../operations/elementwise.ts';
import { tile } from '../operations/shape.ts';
import type { GradientTable } from './gradient.ts';

export const reductionGradients: GradientTable = {
  Sum: (graph, node, dy) => [spread(graph, node, dy)],
  Mean: (graph, node, dy) => {
    const count = sizeOf(node.inputs[0]!.shape) / sizeOf(node.outputs[0]!.shape);
    return [spread(graph, node, binary(graph, 'Mul', dy, scalar(graph, 1 / count)))];
  },
};

function spread(graph: Graph, { inputs: [x], outputs: [y] }: GraphNode, dy: Tensor): Tensor {
  return tile(
    graph,
    dy,
    x!.shape.map((size, axis) => size / y!.shape[axis]!),
  );
}
