// y = a b: da = dy b^T, db = a^T dy. Only products of matrices as they are have gradients here.
import { matmul } from '../operations/matmul.ts';
import type { GradientTable } from './gradient.ts';

export const matmulGradients: GradientTable = {
  MatMul: (graph, { inputs: [a, b] }, dy) => [
    matmul(graph, dy, b!, { transposeB: true }),
    matmul(graph, a!, dy, { transposeA: true }),
  ],
};
