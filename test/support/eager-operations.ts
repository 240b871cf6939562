// The network's operations, run eagerly by TensorFlow.js with its own gradients: the oracle of the compiled graphs.
import { createRequire } from 'node:module';
import type * as TensorFlow from '@tensorflow/tfjs-node-gpu';
import type { Operations } from '../../services/shared/model/operations.ts';
import { describeTensorFlow } from '../../services/shared/tensorflow/tensorflow.ts';

// Loads the library with its settings first; TensorFlow.js then finds it loaded.
describeTensorFlow();
export const tf = createRequire(import.meta.url)('@tensorflow/tfjs-node-gpu') as typeof TensorFlow;

type Eager = TensorFlow.Tensor;
type Image = TensorFlow.Tensor4D;

/** Interleaves an image so that a dilated convolution becomes a plain one: TensorFlow.js differentiates only those. */
function dilated(x: Image, dilation: number, convolve: (x: Image) => Image): Image {
  const ends = [1, 2].map((axis) => (dilation - (x.shape[axis]! % dilation)) % dilation);
  const paddings = ends.map((end) => [dilation, dilation + end]);
  const interleaved = tf.spaceToBatchND(x, [dilation, dilation], paddings);
  return tf.batchToSpaceND(
    convolve(interleaved),
    [dilation, dilation],
    ends.map((end) => [0, end]),
  );
}

function padded(x: Image, border: number): Image {
  return tf.pad(x, [
    [0, 0],
    [border, border],
    [border, border],
    [0, 0],
  ]);
}

export const eagerOperations: Operations<Eager> = {
  conv2d(x, filter, { stride, dilation, padding }) {
    const weights = filter as Image;
    if (padding === 'symmetric' && stride > 1) {
      return tf.conv2d(padded(x as Image, (filter.shape[0]! - 1) / 2), weights, stride, 'valid');
    }
    if (dilation === 1 || filter.shape[0] === 1) return tf.conv2d(x as Image, weights, stride, 'same');
    return dilated(x as Image, dilation, (image) => tf.conv2d(image, weights, 1, 'valid'));
  },
  depthwiseConv2d(x, filter, { stride, dilation, padding }) {
    const weights = filter as Image;
    if (padding === 'symmetric' && stride > 1)
      return tf.depthwiseConv2d(padded(x as Image, 1), weights, stride, 'valid');
    if (dilation === 1) return tf.depthwiseConv2d(x as Image, weights, stride, 'same');
    return dilated(x as Image, dilation, (image) => tf.depthwiseConv2d(image, weights, 1, 'valid'));
  },
  transposedConv2d(x, filter, stride) {
    const [n, h, w] = x.shape as [number, number, number];
    const shape: [number, number, number, number] = [n, h * stride, w * stride, filter.shape[2]!];
    return tf.conv2dTranspose(x as Image, filter as Image, shape, stride, 'same');
  },
  biasAdd: (x, bias) => tf.add(x, bias),
  batchNorm(x, { scale, offset, epsilon }) {
    const { mean, variance } = tf.moments(x, [0, 1, 2]);
    const output = x.sub(mean).mul(variance.add(epsilon).rsqrt()).mul(scale).add(offset);
    const count = x.size / x.shape[3]!;
    return { output, mean, variance: variance.mul(count / Math.max(1, count - 1)) };
  },
  resizeBilinear: (x, height, width) => tf.image.resizeBilinear(x as Image, [height, width], true),
  matmul: (a, b) => tf.matMul(a, b),
  batchMatmul: (a, b) => tf.matMul(a, b),
  softmaxCrossEntropy(logits, labels) {
    const oneHot = tf.oneHot(labels as TensorFlow.Tensor1D, logits.shape[1]!);
    return tf
      .logSoftmax(logits as TensorFlow.Tensor2D)
      .mul(oneHot)
      .sum(1)
      .neg();
  },
  relu: (x) => tf.relu(x),
  relu6: (x) => tf.relu6(x),
  exp: (x) => tf.exp(x),
  sigmoid: (x) => tf.sigmoid(x),
  softplus: (x) => tf.softplus(x),
  add: (a, b) => tf.add(a, b),
  subtract: (a, b) => tf.sub(a, b),
  multiply: (a, b) => tf.mul(a, b),
  divide: (a, b) => tf.div(a, b),
  maximum: (a, b) => tf.maximum(a, b),
  greater: (a, b) => tf.greater(a, b).toFloat(),
  equal: (a, b) => tf.equal(a, b).toFloat(),
  toFloat: (x) => x.toFloat(),
  // TensorFlow.js has no such numbers.
  toBfloat16: (x) => x,
  castLike: (x, other) => x.cast(other.dtype),
  toInteger: (x) => x.toInt(),
  stopGradient: (x) => tf.tensor(x.dataSync(), x.shape),
  sum: (x, axes, keepDimensions = false) => tf.sum(x, [...axes], keepDimensions),
  mean: (x, axes, keepDimensions = false) => tf.mean(x, [...axes], keepDimensions),
  reshape: (x, shape) => tf.reshape(x, [...shape]),
  transpose: (x, permutation) => tf.transpose(x, [...permutation]),
  slice: (x, begin, size) => tf.slice(x, [...begin], [...size]),
  tile: (x, multiples) => tf.tile(x, [...multiples]),
  concat: (parts) => tf.concat([...parts], -1),
  gather: (table, indices) => tf.gather(table, indices as TensorFlow.Tensor1D),
  constant: (values, shape, dtype = 'float32') => tf.tensor([...values], [...shape], dtype),
  randomUniform: (shape, seed) => stateless('StatelessRandomUniform', shape, seed),
  randomNormal: (shape, seed) => stateless('StatelessRandomNormal', shape, seed),
};

function stateless(op: string, shape: readonly number[], seed: Eager): Eager {
  const { binding, backend } = nativeBackend();
  const attributes = [
    { name: 'dtype', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_INT32 },
    { name: 'Tseed', type: binding.TF_ATTR_TYPE, value: binding.TF_INT32 },
  ];
  return backend.executeSingleOutput(op, attributes, [tf.tensor1d([...shape], 'int32'), seed]);
}

interface NativeBackend {
  readonly binding: Readonly<Record<'TF_ATTR_TYPE' | 'TF_FLOAT' | 'TF_INT32', number>>;
  executeSingleOutput(op: string, attributes: readonly object[], inputs: readonly Eager[]): Eager;
}

function nativeBackend() {
  const backend = tf.backend() as unknown as NativeBackend;
  return { backend, binding: backend.binding };
}
