// softmax(x)_k = exp(x_k) / sum_j exp(x_j) along the last axis.
import { booleanAttribute, typeAttribute } from '../attributes.ts';
import { addNode, addTensor, type Graph, type Tensor } from '../graph.ts';
import { constant } from './constant.ts';

/** @param logits [rows, columns] */
export function softmax(graph: Graph, logits: Tensor): Tensor {
  const { shape, dtype } = logits;
  return addTensor(graph, 'Softmax', { inputs: [logits], attributes: { T: typeAttribute(dtype) }, shape, dtype });
}

/** @param x [rows, columns] @returns the `count` largest values of each row, largest first, [rows, count] */
export function largest(graph: Graph, x: Tensor, count: number): Tensor {
  const shape = [...x.shape.slice(0, -1), count];
  const node = addNode(graph, 'TopKV2', {
    inputs: [x, constant(graph, [count], [])],
    attributes: { T: typeAttribute(x.dtype), sorted: booleanAttribute(true) },
    outputs: [
      { shape, dtype: x.dtype },
      { shape, dtype: 'int32' },
    ],
  });
  return node.outputs[0]!;
}
