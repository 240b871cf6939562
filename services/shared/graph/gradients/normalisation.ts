// Gradients of biases and batch normalisation, by TensorFlow's own kernels.
import { addNode, addTensor } from '../graph.ts';
import type { GradientTable } from './gradient.ts';

export const normalisationGradients: GradientTable = {
  BiasAdd: (graph, { inputs: [, bias], attributes }, dy) => [
    dy,
    addTensor(graph, 'BiasAddGrad', { inputs: [dy], attributes, shape: bias!.shape, dtype: bias!.dtype }),
  ],
  FusedBatchNormV3: (graph, { inputs: [x, scale], outputs, attributes }, dy) => {
    const channels = { shape: scale!.shape, dtype: 'float32' } as const;
    const unused = { shape: [0], dtype: 'float32' } as const;
    // Outputs 3 to 5 of the forward kernel are what it kept for this one.
    const gradients = addNode(graph, 'FusedBatchNormGradV3', {
      inputs: [dy, x!, scale!, ...outputs.slice(3)],
      attributes,
      outputs: [{ shape: x!.shape, dtype: x!.dtype }, channels, channels, unused, unused],
    });
    return gradients.outputs.slice(0, 3);
  },
};
