// Matrix products.
import { booleanAttribute, typeAttribute } from '../attributes.ts';
import { addTensor, type Graph, type Tensor } from '../graph.ts';

export interface MatmulOptions {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/** a b, either of them transposed first. */
export function matmul(graph: Graph, a: Tensor, b: Tensor, options: MatmulOptions = {}): Tensor {
  const { transposeA = false, transposeB = false } = options;
  return addTensor(graph, 'MatMul', {
    inputs: [a, b],
    attributes: {
      T: typeAttribute(a.dtype),
      transpose_a: booleanAttribute(transposeA),
      transpose_b: booleanAttribute(transposeB),
    },
    shape: [a.shape[transposeA ? 1 : 0]!, b.shape[transposeB ? 0 : 1]!],
  });
}
