// The kernel computes softmax(logits) - onehot(label) along with the loss; each row is scaled by what arrives.
import { binary } from '../operations/elementwise.ts';
import { reshape } from '../operations/shape.ts';
import type { GradientTable } from './gradient.ts';

export const crossEntropyGradients: GradientTable = {
  SparseSoftmaxCrossEntropyWithLogits: (graph, { outputs: [loss, derivative] }, dy) => [
    binary(graph, 'Mul', derivative!, reshape(graph, dy, [...loss!.shape, 1])),
  ],
};
