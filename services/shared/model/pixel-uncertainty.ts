// How unsure one deterministic pass is of each pixel (section "Performance of Regional Selection"): higher is less sure.
//
//   entropy      - sum_c p_c log2 p_c      (Ozdemir et al. 2018)
//   confidence   1 - p_(1)                 (Li and Sethi 2006)
//   margin       1 - (p_(1) - p_(2))       (Balcan, Broder and Zhang 2007)
//
//   p  softmax over the classes      p_(1), p_(2)  the largest and the second largest of it; p_(2) = 0 where there is one class
import type { Graph, Tensor } from '../graph/graph.ts';
import { scalar } from '../graph/operations/constant.ts';
import { binary } from '../graph/operations/elementwise.ts';
import { reduce } from '../graph/operations/reduction.ts';
import { reshape, slice } from '../graph/operations/shape.ts';
import { largest, softmax } from '../graph/operations/softmax.ts';

export interface PixelUncertainty<T> {
  /** Bits, 0 .. log2(C). */
  readonly entropy: T;
  /** 0 .. 1 - 1/C. */
  readonly confidence: T;
  /** 0 .. 1. */
  readonly margin: T;
}

/** @param logits [pixels, classes] @returns maps [pixels] */
export function pixelUncertainty(graph: Graph, logits: Tensor): PixelUncertainty<Tensor> {
  const [pixels, classes] = logits.shape as [number, number];
  const p = softmax(graph, logits);
  const nats = reduce(graph, 'Sum', binary(graph, 'Xlogy', p, p), { axes: [1] });
  const best = largest(graph, p, Math.min(2, classes)); // [pixels, 2]
  const place = (i: number) =>
    i < classes ? reshape(graph, slice(graph, best, [0, i], [pixels, 1]), [pixels]) : scalar(graph, 0);
  const first = place(0);
  const lead = binary(graph, 'Sub', first, place(1));
  return {
    entropy: binary(graph, 'Mul', nats, scalar(graph, -1 / Math.LN2)),
    confidence: binary(graph, 'Sub', scalar(graph, 1), first),
    margin: binary(graph, 'Sub', scalar(graph, 1), lead),
  };
}
