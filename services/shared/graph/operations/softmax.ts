// Probabilities of classes, and the largest of them.
import { booleanAttribute, typeAttribute } from '../attributes.ts';
import { addNode, addTensor, type Graph, type Tensor } from '../graph.ts';
import { constant } from './constant.ts';

/** @param logits [rows, classes] @returns exp(logits) over their sum in each row, the same shape */
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
