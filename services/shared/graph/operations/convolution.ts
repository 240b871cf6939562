// Convolutions on [batch, height, width, channels], zero-padded so that a stride of 1 keeps the size.
import { booleanAttribute, integersAttribute, textAttribute, typeAttribute } from '../attributes.ts';
import { addTensor, type Graph, type Tensor } from '../graph.ts';
import { constant } from './constant.ts';
import { batchToSpace, spaceToBatch } from './shape.ts';

export interface ConvolutionOptions {
  readonly stride: number;
  readonly dilation: number;
}

/** @param filter [height, width, channels in, channels out] */
export function conv2d(graph: Graph, x: Tensor, filter: Tensor, { stride, dilation }: ConvolutionOptions): Tensor {
  const [n, h, w] = x.shape as [number, number, number];
  return addTensor(graph, 'Conv2D', {
    inputs: [x, filter],
    attributes: convolutionAttributes(x, { stride, dilation }),
    shape: [n, Math.ceil(h / stride), Math.ceil(w / stride), filter.shape[3]!],
    dtype: x.dtype,
  });
}

function convolutionAttributes({ dtype }: Tensor, { stride, dilation }: ConvolutionOptions) {
  return {
    T: typeAttribute(dtype),
    strides: integersAttribute([1, stride, stride, 1]),
    padding: textAttribute('SAME'),
    data_format: textAttribute('NHWC'),
    dilations: integersAttribute([1, dilation, dilation, 1]),
    use_cudnn_on_gpu: booleanAttribute(true),
  };
}

/**
 * The transpose of a convolution with the given stride: as many times higher and wider.
 * @param filter [height, width, channels out, channels in]
 */
export function transposedConv2d(graph: Graph, x: Tensor, filter: Tensor, stride: number): Tensor {
  const [n, h, w] = x.shape as [number, number, number];
  const shape = [n, h * stride, w * stride, filter.shape[2]!];
  return addTensor(graph, 'Conv2DBackpropInput', {
    inputs: [constant(graph, shape), filter, x],
    attributes: convolutionAttributes(x, { stride, dilation: 1 }),
    shape,
    dtype: x.dtype,
  });
}

/** @param filter [height, width, channels, 1]; 3x3 where it is dilated */
export function depthwiseConv2d(graph: Graph, x: Tensor, filter: Tensor, options: ConvolutionOptions): Tensor {
  const { stride, dilation } = options;
  if (dilation === 1) return depthwise(graph, x, filter, stride, 'SAME');
  // The kernel has no dilation of its own on every device; on interleaved images it needs none.
  const toMultiple = (size: number) => (dilation - (size % dilation)) % dilation;
  const after = [toMultiple(x.shape[1]!), toMultiple(x.shape[2]!)] as const;
  const padded = [after[0] + dilation, after[1] + dilation] as const;
  const interleaved = spaceToBatch(graph, x, dilation, dilation, padded);
  return batchToSpace(graph, depthwise(graph, interleaved, filter, 1, 'VALID'), dilation, 0, after);
}

function depthwise(graph: Graph, x: Tensor, filter: Tensor, stride: number, padding: 'SAME' | 'VALID'): Tensor {
  const [n, h, w, c] = x.shape as [number, number, number, number];
  const border = padding === 'VALID' ? filter.shape[0]! - 1 : 0;
  return addTensor(graph, 'DepthwiseConv2dNative', {
    inputs: [x, filter],
    attributes: {
      T: typeAttribute(x.dtype),
      strides: integersAttribute([1, stride, stride, 1]),
      padding: textAttribute(padding),
      data_format: textAttribute('NHWC'),
      dilations: integersAttribute([1, 1, 1, 1]),
    },
    shape: [n, Math.ceil((h - border) / stride), Math.ceil((w - border) / stride), c],
    dtype: x.dtype,
  });
}
