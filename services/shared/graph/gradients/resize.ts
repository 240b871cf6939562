// The gradient of bilinear resizing, by TensorFlow's own kernel.
import { addTensor } from '../graph.ts';
import type { GradientTable } from './gradient.ts';

export const resizeGradients: GradientTable = {
  ResizeBilinear: (graph, { inputs: [x], attributes }, dy) => [
    addTensor(graph, 'ResizeBilinearGrad', { inputs: [dy, x!], attributes, shape: x!.shape, dtype: x!.dtype }),
  ],
};
