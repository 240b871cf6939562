// Activations after a batch norm are computed again when the gradients come to them, and not kept from the way forward: of the two
// feature maps that such a layer would keep for its gradient, one is a cheap function of the other (Chen et al. 2016).
//
//   y = relu(s (x - mean) / sqrt(variance + epsilon) + o)          x is kept, as are the channels' mean and variance
import { booleanAttribute } from '../attributes.ts';
import { addNode, addTensor, type DataType, type Graph, type GraphNode, sizeOf, type Tensor } from '../graph.ts';
import { scalar } from '../operations/constant.ts';
import { binary } from '../operations/elementwise.ts';

/** Smaller maps are not worth a second computation. */
export const RECOMPUTED_FROM_BYTES = 4 << 20;
const ELEMENT_BYTES: Readonly<Record<DataType, number>> = {
  float32: 4,
  bfloat16: 2,
  int32: 4,
  uint8: 1,
  bool: 1,
  resource: 8,
};

/**
 * @param y a tensor of the way forward
 * @param after what has to run before: without it the value would be computed at once, and kept
 * @returns y anew; y itself where it is no activation after a batch norm, or smaller than leastBytes
 */
export function recompute(graph: Graph, y: Tensor, after: GraphNode, leastBytes: number): Tensor {
  const norm = y.node.inputs[0]?.node;
  if (!/^Relu6?$/.test(y.node.op) || norm?.op !== 'FusedBatchNormV3') return y;
  if (sizeOf(y.shape) * ELEMENT_BYTES[y.dtype] < leastBytes) return y;
  const [x, scale, offset] = norm.inputs as [Tensor, Tensor, Tensor];
  const [, mean, unbiased] = norm.outputs as readonly [Tensor, Tensor, Tensor];
  const count = sizeOf(x.shape) / sizeOf(mean.shape);
  const variance = binary(graph, 'Mul', unbiased, scalar(graph, (count - 1) / count));
  const { outputs } = addNode(graph, 'FusedBatchNormV3', {
    inputs: [x, scale, offset, mean, variance],
    attributes: { ...norm.attributes, is_training: booleanAttribute(false) },
    outputs: norm.outputs,
    after: [after],
  });
  const { op, attributes } = y.node;
  return addTensor(graph, op, { inputs: [outputs[0]!], attributes, shape: y.shape, dtype: y.dtype });
}
