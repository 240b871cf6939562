// Where an input was repeated by broadcasting, the gradient of an element is the sum over its copies.
import type { Graph, Tensor } from '../graph.ts';
import { reduce } from '../operations/reduction.ts';
import { reshape } from '../operations/shape.ts';

/** Sums a gradient over the dimensions in which a tensor of the given shape was repeated. */
export function sumTo(graph: Graph, gradient: Tensor, shape: readonly number[]): Tensor {
  const offset = gradient.shape.length - shape.length;
  const axes = gradient.shape
    .map((_, i) => i)
    .filter((i) => (shape[i - offset] ?? 1) !== gradient.shape[i] || i < offset);
  if (axes.length === 0) return gradient;
  return reshape(graph, reduce(graph, 'Sum', gradient, { axes, keepDimensions: true }), shape);
}
