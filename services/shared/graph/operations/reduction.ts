// Sums, means and the index of the maximum along axes.
import { booleanAttribute, typeAttribute } from '../attributes.ts';
import { addTensor, type Graph, type Tensor } from '../graph.ts';
import { constant } from './constant.ts';
import { reshape } from './shape.ts';

export interface ReductionOptions {
  readonly axes: readonly number[];
  /** Keeps the reduced dimensions with size 1. */
  readonly keepDimensions?: boolean;
}

export function reduce(graph: Graph, op: 'Sum' | 'Mean', x: Tensor, options: ReductionOptions): Tensor {
  const { axes, keepDimensions = false } = options;
  const shape = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const attributes = { T: typeAttribute(x.dtype), Tidx: typeAttribute('int32'), keep_dims: booleanAttribute(true) };
  const reduced = addTensor(graph, op, { inputs: [x, constant(graph, axes)], attributes, shape, dtype: x.dtype });
  // The node keeps its dimensions, so that its gradient knows which ones it summed.
  if (keepDimensions) return reduced;
  const remaining = x.shape.filter((_, axis) => !axes.includes(axis));
  return reshape(graph, reduced, remaining);
}

/** @returns int32 indices of the maximum along the last axis; ties go to the first */
export function argMax(graph: Graph, x: Tensor): Tensor {
  const attributes = {
    T: typeAttribute(x.dtype),
    Tidx: typeAttribute('int32'),
    output_type: typeAttribute('int32'),
  };
  const axis = constant(graph, [x.shape.length - 1], []);
  return addTensor(graph, 'ArgMax', { inputs: [x, axis], attributes, shape: x.shape.slice(0, -1), dtype: 'int32' });
}
