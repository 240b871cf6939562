// Cross-entropy of softmax(logits) against class ids: -log softmax(logits)[label], row by row.
import { typeAttribute } from '../attributes.ts';
import { addNode, type Graph, type Tensor } from '../graph.ts';

/**
 * @param logits [rows, classes]
 * @param labels [rows], int32 class ids
 * @returns [rows]
 */
export function softmaxCrossEntropy(graph: Graph, logits: Tensor, labels: Tensor): Tensor {
  const node = addNode(graph, 'SparseSoftmaxCrossEntropyWithLogits', {
    inputs: [logits, labels],
    attributes: { T: typeAttribute(logits.dtype), Tlabels: typeAttribute('int32') },
    outputs: [
      { shape: labels.shape, dtype: logits.dtype },
      { shape: logits.shape, dtype: logits.dtype },
    ],
  });
  return node.outputs[0]!;
}
