// The network's operations as nodes of an ONNX graph: those of inference, in float32. ONNX convolves and resizes [batch, channels,
// height, width], so such nodes stand between transpositions; runtimes cancel the inner ones.
import { assert } from '../errors.ts';
import type { ConvolutionOptions } from '../graph/operations/convolution.ts';
import type { Operations } from '../model/operations.ts';
import { addFloats, addIntegers, addNode, ONNX_TYPES, type OnnxGraph, type OnnxTensor } from './onnx-graph.ts';

type T = OnnxTensor;

const TO_CHANNELS_FIRST = [0, 3, 1, 2];
const TO_CHANNELS_LAST = [0, 2, 3, 1];

export function onnxOperations(graph: OnnxGraph): Operations<T> {
  const same = (opType: string) => (x: T) => addNode(graph, opType, [x], x.shape);
  const binary = (opType: string) => (a: T, b: T) => addNode(graph, opType, [a, b], broadcast(a.shape, b.shape));
  const transpose = (x: T, perm: readonly number[]) =>
    addNode(
      graph,
      'Transpose',
      [x],
      perm.map((axis) => x.shape[axis]!),
      { perm },
    );
  const scalar = (value: number) => addFloats(graph, `constant_${graph.initializers.length}`, [value], []);
  const multiplied = (a: T, b: T) =>
    addNode(
      graph,
      'MatMul',
      [a, b],
      [...broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2)), a.shape.at(-2)!, b.shape.at(-1)!],
    );

  const convolve = (x: T, filter: T, { options, group }: { options: ConvolutionOptions; group: number }) => {
    const { stride, dilation } = options;
    const [batch, height, width] = x.shape as [number, number, number];
    const kernel = filter.shape[2]!;
    const rows = zerosOf(height, (kernel - 1) * dilation, options);
    const columns = zerosOf(width, (kernel - 1) * dilation, options);
    const attributes = {
      dilations: [dilation, dilation],
      group,
      pads: [rows[0], columns[0], rows[1], columns[1]],
      strides: [stride, stride],
    };
    const shape = [batch, filter.shape[0]!, Math.ceil(height / stride), Math.ceil(width / stride)];
    const first = transpose(x, TO_CHANNELS_FIRST);
    return transpose(addNode(graph, 'Conv', [first, filter], shape, attributes), TO_CHANNELS_LAST);
  };

  return {
    conv2d: (x, filter, options) => convolve(x, transpose(filter, [3, 2, 0, 1]), { options, group: 1 }),
    depthwiseConv2d: (x, filter, options) =>
      convolve(x, transpose(filter, [2, 3, 0, 1]), { options, group: x.shape[3]! }),
    biasAdd: binary('Add'),
    resizeBilinear(x, height, width) {
      const first = transpose(x, TO_CHANNELS_FIRST);
      const shape = [first.shape[0]!, first.shape[1]!, height, width];
      const none = { name: '', shape: [] };
      const attributes = { coordinate_transformation_mode: 'align_corners', mode: 'linear' };
      const resized = addNode(graph, 'Resize', [first, none, none, addIntegers(graph, shape)], shape, attributes);
      return transpose(resized, TO_CHANNELS_LAST);
    },
    matmul: multiplied,
    batchMatmul: multiplied,
    relu: same('Relu'),
    relu6: (x) => addNode(graph, 'Clip', [x, scalar(0), scalar(6)], x.shape),
    add: binary('Add'),
    subtract: binary('Sub'),
    multiply: binary('Mul'),
    divide: binary('Div'),
    toFloat: (x) => addNode(graph, 'Cast', [x], x.shape, { to: ONNX_TYPES.float32 }),
    toBfloat16: (x) => x,
    castLike: (x) => x,
    stopGradient: (x) => x,
    mean(x, axes, keepDimensions = false) {
      const shape = x.shape.flatMap((size, axis) => (!axes.includes(axis) ? [size] : keepDimensions ? [1] : []));
      return addNode(graph, 'ReduceMean', [x, addIntegers(graph, axes)], shape, { keepdims: keepDimensions ? 1 : 0 });
    },
    reshape: (x, shape) => addNode(graph, 'Reshape', [x, addIntegers(graph, shape)], shape),
    transpose,
    slice(x, begin, size) {
      const ends = begin.map((start, axis) => start + size[axis]!);
      return addNode(graph, 'Slice', [x, addIntegers(graph, begin), addIntegers(graph, ends)], size);
    },
    tile: (x, multiples) =>
      addNode(
        graph,
        'Tile',
        [x, addIntegers(graph, multiples)],
        x.shape.map((size, axis) => size * multiples[axis]!),
      ),
    concat(parts) {
      const channels = parts.reduce((sum, { shape }) => sum + shape.at(-1)!, 0);
      return addNode(graph, 'Concat', parts, [...parts[0]!.shape.slice(0, -1), channels], { axis: -1 });
    },
    constant: (values, shape) => addFloats(graph, `constant_${graph.initializers.length}`, values, shape),
    transposedConv2d: ofTraining('transposedConv2d'),
    batchNorm: ofTraining('batchNorm'),
    softmaxCrossEntropy: ofTraining('softmaxCrossEntropy'),
    exp: ofTraining('exp'),
    sigmoid: ofTraining('sigmoid'),
    softplus: ofTraining('softplus'),
    maximum: ofTraining('maximum'),
    greater: ofTraining('greater'),
    equal: ofTraining('equal'),
    toInteger: ofTraining('toInteger'),
    sum: ofTraining('sum'),
    gather: ofTraining('gather'),
    randomUniform: ofTraining('randomUniform'),
    randomNormal: ofTraining('randomNormal'),
  };
}

function ofTraining(name: string): () => never {
  return () => {
    throw new Error(`${name} is of training: inference does without`);
  };
}

/** Zeros before and after a side: as TensorFlow's SAME has them, or alike at both ends. */
function zerosOf(size: number, reach: number, { stride, padding = 'same' }: ConvolutionOptions): [number, number] {
  if (padding === 'symmetric' && stride > 1) return [reach / 2, reach / 2];
  const total = Math.max((Math.ceil(size / stride) - 1) * stride + reach + 1 - size, 0);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}

function broadcast(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const [x, y] = [a[axis - rank + a.length] ?? 1, b[axis - rank + b.length] ?? 1];
    assert(x === y || x === 1 || y === 1, `[${a}] and [${b}] broadcast`);
    return Math.max(x, y);
  });
}
