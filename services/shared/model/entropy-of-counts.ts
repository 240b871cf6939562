// Vote entropy, Eq. 4, of counted votes.
//
//   E = - sum_c (n_c / m) log2(n_c / m),   0 log 0 = 0
//
//   n_c  how many of the m passes voted for class c (hard votes: the argmax of each pass)      E  bits, 0 .. log2(min(m, C))
import type { Graph, Tensor } from '../graph/graph.ts';
import { scalar } from '../graph/operations/constant.ts';
import { binary } from '../graph/operations/elementwise.ts';
import { reduce } from '../graph/operations/reduction.ts';

/**
 * @param counts n_c, [pixels, classes]
 * @param passes m, a scalar
 * @returns E, [pixels]; exactly 0 where all passes agree
 */
export function entropyOfCounts(graph: Graph, counts: Tensor, passes: Tensor): Tensor {
  const shares = binary(graph, 'RealDiv', counts, passes); // n_c / m: [pixels, C]
  const nats = reduce(graph, 'Sum', binary(graph, 'Xlogy', shares, shares), { axes: [1] }); // [pixels]
  return binary(graph, 'Mul', nats, scalar(graph, -1 / Math.LN2));
}
