// y = a b: da = dy b^T, db = a^T dy. Only products of matrices as they are have gradients here.
import { batchMatmul, matmul } from '../operations/matmul.ts';
import type { GradientTable } from './gradient.ts';
import { sumTo } from './sum-to.ts';

export const matmulGradients: GradientTable = {
  MatMul: (graph, { inputs: [a, b] }, dy) => [
    matmul(graph, dy, b!, { transposeB: true }),
    matmul(graph, a!, dy, { transposeA: true }),
  ],
  BatchMatMulV2: (graph, { inputs: [a, b] }, dy) => [
    sumTo(graph, batchMatmul(graph, dy, b!, { transposeB: true }), a!.shape),
    sumTo(graph, batchMatmul(graph, a!, dy, { transposeA: true }), b!.shape),
  ],
};
