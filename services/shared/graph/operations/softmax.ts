// softmax(x)_k = exp(x_k) / sum_j exp(x_j) along the last axis.
import { typeAttribute } from '../attributes.ts';
import { addTensor, type Graph, type Tensor } from '../graph.ts';

/** @param logits [rows, columns] */
export function softmax(graph: Graph, logits: Tensor): Tensor {
  const { shape, dtype } = logits;
  return addTensor(graph, 'Softmax', { inputs: [logits], attributes: { T: typeAttribute(dtype) }, shape, dtype });
}
