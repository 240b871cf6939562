// Convolutions on [batch, height, width, channels], zero-padded so that a stride of 1 keeps the size.
import { booleanAttribute, integersAttribute, textAttribute, typeAttribute } from '../attributes.ts';
import { addTensor, type Graph, type Tensor } from '../graph.ts';
import { constant } from './constant.ts';
import { batchToSpace, pad, spaceToBatch } from './shape.ts';

/**
 * Where the zeros lie. With a stride of 1 both are the same; with a stride of 2 and an even size `same` pads the end alone, as
 * TensorFlow and Keras do, and `symmetric` both ends alike, as PyTorch does.
 */
export type Padding = 'same' | 'symmetric';

export interface ConvolutionOptions {
  readonly stride: number;
  readonly dilation: number;
  readonly padding?: Padding;
}

/** @param filter [height, width, channels in, channels out], as high as it is wide */
export function conv2d(graph: Graph, x: Tensor, filter: Tensor, options: ConvolutionOptions): Tensor {
  const { stride, dilation } = options;
  const reach = dilation * (filter.shape[0]! - 1);
  const { input, padding } = framed(graph, x, reach, options);
  return addTensor(graph, 'Conv2D', {
    inputs: [input, filter],
    attributes: convolutionAttributes(x, options, padding),
    shape: [...convolved(input, { reach, stride, padding }), filter.shape[3]!],
    dtype: x.dtype,
  });
}

function convolutionAttributes({ dtype }: Tensor, { stride, dilation }: ConvolutionOptions, padding: string) {
  return {
    T: typeAttribute(dtype),
    strides: integersAttribute([1, stride, stride, 1]),
    padding: textAttribute(padding),
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
    attributes: convolutionAttributes(x, { stride, dilation: 1 }, 'SAME'),
    shape,
    dtype: x.dtype,
  });
}

/** @param filter [height, width, channels, 1]; 3x3 where it is dilated */
export function depthwiseConv2d(graph: Graph, x: Tensor, filter: Tensor, options: ConvolutionOptions): Tensor {
  const { stride, dilation } = options;
  if (dilation === 1) {
    const { input, padding } = framed(graph, x, filter.shape[0]! - 1, options);
    return depthwise(graph, input, filter, stride, padding);
  }
  // The kernel has no dilation of its own on every device; on interleaved images it needs none.
  const toMultiple = (size: number) => (dilation - (size % dilation)) % dilation;
  const after = [toMultiple(x.shape[1]!), toMultiple(x.shape[2]!)] as const;
  const padded = [after[0] + dilation, after[1] + dilation] as const;
  const interleaved = spaceToBatch(graph, x, dilation, dilation, padded);
  return batchToSpace(graph, depthwise(graph, interleaved, filter, 1, 'VALID'), dilation, 0, after);
}

function depthwise(graph: Graph, x: Tensor, filter: Tensor, stride: number, padding: 'SAME' | 'VALID'): Tensor {
  const reach = filter.shape[0]! - 1;
  return addTensor(graph, 'DepthwiseConv2dNative', {
    inputs: [x, filter],
    attributes: {
      T: typeAttribute(x.dtype),
      strides: integersAttribute([1, stride, stride, 1]),
      padding: textAttribute(padding),
      data_format: textAttribute('NHWC'),
      dilations: integersAttribute([1, 1, 1, 1]),
    },
    shape: [...convolved(x, { reach, stride, padding }), x.shape[3]!],
    dtype: x.dtype,
  });
}

/**
 * The input with its zeros, where the kernels would put them elsewhere. They have a padding of their own for that, which ends the
 * process in the depthwise one's inference of shapes.
 * @param reach rows or columns that a filter covers beside one
 */
function framed(graph: Graph, x: Tensor, reach: number, { stride, padding = 'same' }: ConvolutionOptions) {
  if (padding === 'same' || stride === 1 || reach === 0) return { input: x, padding: 'SAME' as const };
  const ends = [reach / 2, reach / 2] as const;
  return { input: pad(graph, x, [[0, 0], ends, ends, [0, 0]]), padding: 'VALID' as const };
}

/** @returns the batch, the height and the width of what comes out */
function convolved(
  { shape: [n, h, w] }: Tensor,
  { reach, stride, padding }: { reach: number; stride: number; padding: 'SAME' | 'VALID' },
): [number, number, number] {
  const border = padding === 'VALID' ? reach : 0;
  return [n!, Math.ceil((h! - border) / stride), Math.ceil((w! - border) / stride)];
}
