// Gradients of the operations that treat every element alike.
import { typeAttribute } from '../attributes.ts';
import { addTensor, type Graph, type Tensor } from '../graph.ts';
import { scalar } from '../operations/constant.ts';
import { binary, cast, unary } from '../operations/elementwise.ts';
import type { GradientTable } from './gradient.ts';
import { sumTo } from './sum-to.ts';

export const elementwiseGradients: GradientTable = {
  AddV2: (graph, { inputs: [a, b] }, dy) => [sumTo(graph, dy, a!.shape), sumTo(graph, dy, b!.shape)],
  Sub: (graph, { inputs: [a, b] }, dy) => [sumTo(graph, dy, a!.shape), sumTo(graph, unary(graph, 'Neg', dy), b!.shape)],
  Mul: (graph, { inputs: [a, b] }, dy) => [
    sumTo(graph, binary(graph, 'Mul', dy, b!), a!.shape),
    sumTo(graph, binary(graph, 'Mul', dy, a!), b!.shape),
  ],
  RealDiv: (graph, { inputs: [a, b], outputs: [y] }, dy) => {
    const da = binary(graph, 'RealDiv', dy, b!);
    const db = unary(graph, 'Neg', binary(graph, 'Mul', da, y!));
    return [sumTo(graph, da, a!.shape), sumTo(graph, db, b!.shape)];
  },
  Relu: (graph, { outputs: [y] }, dy) => [activationGradient(graph, 'ReluGrad', dy, y!)],
  Relu6: (graph, { outputs: [y] }, dy) => [activationGradient(graph, 'Relu6Grad', dy, y!)],
  Neg: (graph, _, dy) => [unary(graph, 'Neg', dy)],
  Rsqrt: (graph, { outputs: [y] }, dy) => {
    const cube = binary(graph, 'Mul', y!, binary(graph, 'Mul', y!, y!));
    return [binary(graph, 'Mul', dy, binary(graph, 'Mul', cube, scalar(graph, -0.5)))];
  },
  Exp: (graph, { outputs: [y] }, dy) => [binary(graph, 'Mul', dy, y!)],
  Sigmoid: (graph, { outputs: [y] }, dy) => {
    const slope = binary(graph, 'Mul', y!, binary(graph, 'Sub', scalar(graph, 1), y!));
    return [binary(graph, 'Mul', dy, slope)];
  },
  Softplus: (graph, { inputs: [x] }, dy) => [binary(graph, 'Mul', dy, unary(graph, 'Sigmoid', x!))],
  Cast: (graph, { inputs: [x] }, dy) => [cast(graph, dy, x!.dtype)],
  Identity: (_graph, _node, dy) => [dy],
};

function activationGradient(graph: Graph, op: 'ReluGrad' | 'Relu6Grad', dy: Tensor, y: Tensor): Tensor {
  return addTensor(graph, op, {
    inputs: [dy, y],
    attributes: { T: typeAttribute(y.dtype) },
    shape: y.shape,
    dtype: y.dtype,
  });
}
