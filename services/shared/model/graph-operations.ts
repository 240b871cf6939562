// The network's operations as nodes of a graph.
import type { Graph, Tensor } from '../graph/graph.ts';
import { constant } from '../graph/operations/constant.ts';
import { conv2d, depthwiseConv2d, transposedConv2d } from '../graph/operations/convolution.ts';
import { softmaxCrossEntropy } from '../graph/operations/cross-entropy.ts';
import { binary, cast, compare, unary } from '../graph/operations/elementwise.ts';
import { batchMatmul, matmul } from '../graph/operations/matmul.ts';
import { batchNorm, biasAdd } from '../graph/operations/normalisation.ts';
import { randomNormal, randomUniform } from '../graph/operations/random.ts';
import { reduce } from '../graph/operations/reduction.ts';
import { resizeBilinear } from '../graph/operations/resize.ts';
import { concat, gather, reshape, slice, tile, transpose } from '../graph/operations/shape.ts';
import type { Operations } from './operations.ts';

export function graphOperations(graph: Graph): Operations<Tensor> {
  return {
    conv2d: (x, filter, options) => conv2d(graph, x, filter, options),
    depthwiseConv2d: (x, filter, options) => depthwiseConv2d(graph, x, filter, options),
    transposedConv2d: (x, filter, stride) => transposedConv2d(graph, x, filter, stride),
    biasAdd: (x, bias) => biasAdd(graph, x, bias),
    batchNorm: (x, parameters) => batchNorm(graph, x, parameters),
    resizeBilinear: (x, height, width) => resizeBilinear(graph, x, height, width),
    matmul: (a, b) => matmul(graph, a, b),
    batchMatmul: (a, b) => batchMatmul(graph, a, b),
    softmaxCrossEntropy: (logits, labels) => softmaxCrossEntropy(graph, logits, labels),
    relu: (x) => unary(graph, 'Relu', x),
    relu6: (x) => unary(graph, 'Relu6', x),
    exp: (x) => unary(graph, 'Exp', x),
    sigmoid: (x) => unary(graph, 'Sigmoid', x),
    softplus: (x) => unary(graph, 'Softplus', x),
    add: (a, b) => binary(graph, 'AddV2', a, b),
    subtract: (a, b) => binary(graph, 'Sub', a, b),
    multiply: (a, b) => binary(graph, 'Mul', a, b),
    divide: (a, b) => binary(graph, 'RealDiv', a, b),
    maximum: (a, b) => binary(graph, 'Maximum', a, b),
    greater: (a, b) => cast(graph, compare(graph, 'Greater', a, b), 'float32'),
    equal: (a, b) => cast(graph, compare(graph, 'Equal', a, b), 'float32'),
    toFloat: (x) => (x.dtype === 'float32' ? x : cast(graph, x, 'float32')),
    toBfloat16: (x) => cast(graph, x, 'bfloat16'),
    castLike: (x, { dtype }) => (x.dtype === dtype ? x : cast(graph, x, dtype)),
    toInteger: (x) => cast(graph, x, 'int32'),
    stopGradient: (x) => unary(graph, 'StopGradient', x),
    sum: (x, axes, keepDimensions = false) => reduce(graph, 'Sum', x, { axes, keepDimensions }),
    mean: (x, axes, keepDimensions = false) => reduce(graph, 'Mean', x, { axes, keepDimensions }),
    reshape: (x, shape) => reshape(graph, x, shape),
    transpose: (x, permutation) => transpose(graph, x, permutation),
    slice: (x, begin, size) => slice(graph, x, begin, size),
    tile: (x, multiples) => tile(graph, x, multiples),
    concat: (parts) => concat(graph, parts),
    gather: (table, indices) => gather(graph, table, indices),
    constant: (values, shape, dtype = 'float32') => constant(graph, values, shape, dtype),
    randomUniform: (shape, seed) => randomUniform(graph, shape, seed),
    randomNormal: (shape, seed) => randomNormal(graph, shape, seed),
  };
}
