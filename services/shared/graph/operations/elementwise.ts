// Operations that treat every element alike. Binary ones broadcast: dimensions are aligned at the end, and a dimension of 1
// is repeated.
import { assert } from '../../errors.ts';
import { typeAttribute } from '../attributes.ts';
import { addTensor, type DataType, type Graph, type Tensor } from '../graph.ts';

type Binary = 'AddV2' | 'Sub' | 'Mul' | 'RealDiv' | 'Maximum' | 'Xlogy';
type Comparison = 'Equal' | 'Greater' | 'GreaterEqual';
type Unary = 'Relu' | 'Relu6' | 'Neg' | 'Rsqrt' | 'Exp' | 'Sigmoid' | 'Softplus' | 'StopGradient' | 'Identity';

export function binary(graph: Graph, op: Binary, a: Tensor, b: Tensor): Tensor {
  const shape = broadcastShape(a.shape, b.shape);
  return addTensor(graph, op, { inputs: [a, b], attributes: { T: typeAttribute(a.dtype) }, shape, dtype: a.dtype });
}

export function compare(graph: Graph, op: Comparison, a: Tensor, b: Tensor): Tensor {
  const shape = broadcastShape(a.shape, b.shape);
  return addTensor(graph, op, { inputs: [a, b], attributes: { T: typeAttribute(a.dtype) }, shape, dtype: 'bool' });
}

export function unary(graph: Graph, op: Unary, x: Tensor): Tensor {
  return addTensor(graph, op, {
    inputs: [x],
    attributes: { T: typeAttribute(x.dtype) },
    shape: x.shape,
    dtype: x.dtype,
  });
}

export function cast(graph: Graph, x: Tensor, dtype: DataType): Tensor {
  const attributes = { SrcT: typeAttribute(x.dtype), DstT: typeAttribute(dtype) };
  return addTensor(graph, 'Cast', { inputs: [x], attributes, shape: x.shape, dtype });
}

export function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const sizeA = a[i - rank + a.length] ?? 1;
    const sizeB = b[i - rank + b.length] ?? 1;
    assert(sizeA === sizeB || sizeA === 1 || sizeB === 1, `shapes [${a}] and [${b}] broadcast`);
    return Math.max(sizeA, sizeB);
  });
}
