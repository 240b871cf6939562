// Gradients of convolutions, by TensorFlow's own kernels.
import { typeAttribute } from '../attributes.ts';
import { addTensor, type Graph, type GraphNode, type Tensor } from '../graph.ts';
import { constant } from '../operations/constant.ts';
import { cast } from '../operations/elementwise.ts';
import type { GradientTable } from './gradient.ts';

export const convolutionGradients: GradientTable = {
  Conv2D: (graph, node, dy) => [inputGradient(graph, node, dy), filterGradient(graph, node, dy)],
  // A transposed convolution: what it takes is what comes out of the convolution that it transposes, and the other way round.
  Conv2DBackpropInput: (graph, { inputs: [, filter, x], attributes }, dy) => [
    undefined,
    addTensor(graph, 'Conv2DBackpropFilter', {
      inputs: [dy, constant(graph, filter!.shape), x!],
      attributes,
      shape: filter!.shape,
      dtype: filter!.dtype,
    }),
    addTensor(graph, 'Conv2D', { inputs: [dy, filter!], attributes, shape: x!.shape, dtype: x!.dtype }),
  ],
  DepthwiseConv2dNative: (graph, node, dy) => [
    // With a stride, oneDNN's bfloat16 kernel takes nine times as long as the one of float32.
    dy.dtype === 'bfloat16' && isStrided(node)
      ? cast(graph, inputGradient(graph, node, cast(graph, dy, 'float32')), 'bfloat16')
      : inputGradient(graph, node, dy),
    filterGradient(graph, node, dy),
  ],
};

/** In the type of dy, whatever the node's. */
function inputGradient(graph: Graph, { op, inputs, attributes }: GraphNode, dy: Tensor): Tensor {
  const [x, filter] = inputs as [Tensor, Tensor];
  const weights = filter.dtype === dy.dtype ? filter : cast(graph, filter, dy.dtype);
  return addTensor(graph, `${op}BackpropInput`, {
    inputs: [constant(graph, x.shape), weights, dy],
    attributes: { ...attributes, T: typeAttribute(dy.dtype) },
    shape: x.shape,
    dtype: dy.dtype,
  });
}

function filterGradient(graph: Graph, { op, inputs, attributes }: GraphNode, dy: Tensor): Tensor {
  const [x, filter] = inputs as [Tensor, Tensor];
  return addTensor(graph, `${op}BackpropFilter`, {
    inputs: [x, constant(graph, filter.shape), dy],
    attributes,
    shape: filter.shape,
    dtype: filter.dtype,
  });
}

function isStrided({ attributes }: GraphNode): boolean {
  const strides = attributes.strides?.value;
  return strides?.$case === 'list' && strides.value.i[1] !== 1n;
}
