// Gradients of convolutions, by TensorFlow's own kernels.
import { addTensor, type Graph, type GraphNode, type Tensor } from '../graph.ts';
import { constant } from '../operations/constant.ts';
import type { GradientTable } from './gradient.ts';

export const convolutionGradients: GradientTable = {
  Conv2D: (graph, node, dy) => backpropagate(graph, node, dy, 'Conv2D'),
  DepthwiseConv2dNative: (graph, node, dy) => backpropagate(graph, node, dy, 'DepthwiseConv2dNative'),
};

function backpropagate(graph: Graph, node: GraphNode, dy: Tensor, op: string): Tensor[] {
  const [x, filter] = node.inputs as [Tensor, Tensor];
  const { attributes } = node;
  return [
    addTensor(graph, `${op}BackpropInput`, {
      inputs: [constant(graph, x.shape), filter, dy],
      attributes,
      shape: x.shape,
      dtype: x.dtype,
    }),
    addTensor(graph, `${op}BackpropFilter`, {
      inputs: [x, constant(graph, filter.shape), dy],
      attributes,
      shape: filter.shape,
      dtype: filter.dtype,
    }),
  ];
}
