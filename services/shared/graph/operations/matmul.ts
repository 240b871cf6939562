// Matrix products.
import { booleanAttribute, typeAttribute } from '../attributes.ts';
import { addTensor, type Graph, type Tensor } from '../graph.ts';
import { broadcastShape } from './elementwise.ts';

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
    dtype: a.dtype,
  });
}

/** The product of the last two dimensions, for all of those before them, which broadcast. */
export function batchMatmul(graph: Graph, a: Tensor, b: Tensor, options: MatmulOptions = {}): Tensor {
  const { transposeA = false, transposeB = false } = options;
  return addTensor(graph, 'BatchMatMulV2', {
    inputs: [a, b],
    attributes: {
      T: typeAttribute(a.dtype),
      adj_x: booleanAttribute(transposeA),
      adj_y: booleanAttribute(transposeB),
    },
    shape: [
      ...broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2)),
      a.shape.at(transposeA ? -1 : -2)!,
      b.shape.at(transposeB ? -2 : -1)!,
    ],
    dtype: a.dtype,
  });
}
