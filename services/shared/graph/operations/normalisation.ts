// Biases and batch normalisation on [batch, height, width, channels].
import { booleanAttribute, floatAttribute, textAttribute, typeAttribute } from '../attributes.ts';
import { addNode, addTensor, type Graph, type Tensor } from '../graph.ts';
import { constant } from './constant.ts';

/** @param bias [channels] */
export function biasAdd(graph: Graph, x: Tensor, bias: Tensor): Tensor {
  const attributes = { T: typeAttribute(x.dtype), data_format: textAttribute('NHWC') };
  return addTensor(graph, 'BiasAdd', { inputs: [x, bias], attributes, shape: x.shape, dtype: x.dtype });
}

export interface Normalised<T> {
  readonly output: T;
  /** Of the batch, [channels]. */
  readonly mean: T;
  /** Of the batch, without bias (divided by n - 1), [channels]. */
  readonly variance: T;
}

/**
 * output = scale * (x - mean) / sqrt(variance + epsilon) + offset, with the statistics of the batch (Ioffe and Szegedy 2015).
 * The output itself divides by n.
 * @param scale [channels]
 * @param offset [channels]
 */
export function batchNorm(
  graph: Graph,
  x: Tensor,
  { scale, offset, epsilon }: { readonly scale: Tensor; readonly offset: Tensor; readonly epsilon: number },
): Normalised<Tensor> {
  const none = constant(graph, [], [0], 'float32');
  const channels = { shape: scale.shape, dtype: 'float32' } as const;
  const { outputs } = addNode(graph, 'FusedBatchNormV3', {
    inputs: [x, scale, offset, none, none],
    attributes: {
      T: typeAttribute(x.dtype),
      U: typeAttribute('float32'),
      epsilon: floatAttribute(epsilon),
      data_format: textAttribute('NHWC'),
      is_training: booleanAttribute(true),
    },
    outputs: [{ shape: x.shape, dtype: x.dtype }, channels, channels, channels, channels, channels],
  });
  return { output: outputs[0]!, mean: outputs[1]!, variance: outputs[2]! };
}
