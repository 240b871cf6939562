// Variables live in the session that runs a graph, under their names; they hold nothing before they are assigned.
import { booleanAttribute, shapeAttribute, textAttribute, typeAttribute } from '../attributes.ts';
import { addNode, addTensor, type DataType, type Graph, type GraphNode, type Tensor } from '../graph.ts';
import { scalar } from './constant.ts';

export interface Variable {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: DataType;
  readonly handle: Tensor;
}

export function variable(graph: Graph, name: string, shape: readonly number[], dtype: DataType = 'float32'): Variable {
  const attributes = {
    dtype: typeAttribute(dtype),
    shape: shapeAttribute(shape),
    shared_name: textAttribute(name),
    container: textAttribute(''),
  };
  const handle = addTensor(graph, 'VarHandleOp', { attributes, shape: [], dtype: 'resource' });
  return { name, shape, dtype, handle };
}

export function readVariable(graph: Graph, { handle, shape, dtype }: Variable): Tensor {
  return addTensor(graph, 'ReadVariableOp', {
    inputs: [handle],
    attributes: { dtype: typeAttribute(dtype) },
    shape,
    dtype,
  });
}

export function assignVariable(graph: Graph, { handle, dtype }: Variable, value: Tensor): GraphNode {
  const attributes = { dtype: typeAttribute(dtype) };
  return addNode(graph, 'AssignVariableOp', { inputs: [handle, value], attributes, outputs: [] });
}

/** Adds a value to a variable. */
export function addToVariable(graph: Graph, { handle, dtype }: Variable, value: Tensor): GraphNode {
  const attributes = { dtype: typeAttribute(dtype) };
  return addNode(graph, 'AssignAddVariableOp', { inputs: [handle, value], attributes, outputs: [] });
}

/** velocity = momentum * velocity + gradient; target = target - rate * velocity. */
export function applyMomentum(
  graph: Graph,
  update: {
    readonly target: Variable;
    readonly velocity: Variable;
    readonly gradient: Tensor;
    readonly rate: Tensor;
    readonly momentum: Tensor;
  },
): GraphNode {
  const { target, velocity, gradient, rate, momentum } = update;
  return addNode(graph, 'ResourceApplyMomentum', {
    inputs: [target.handle, velocity.handle, rate, gradient, momentum],
    attributes: {
      T: typeAttribute('float32'),
      use_locking: booleanAttribute(false),
      use_nesterov: booleanAttribute(false),
    },
    outputs: [],
  });
}

/** What Adam keeps of a parameter: running means of its gradients and of their squares. */
export interface AdamSlots {
  readonly first: Variable;
  readonly second: Variable;
}

const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/** beta1 and beta2 to the power of the step, which counts from 1: by these the running means are put right, for they start at 0. */
export function adamPowers(step: number): { readonly power1: number; readonly power2: number } {
  return { power1: ADAM.beta1 ** step, power2: ADAM.beta2 ** step };
}

/**
 * Kingma and Ba 2015: first += (1 - beta1) (g - first), second += (1 - beta2) (g^2 - second),
 * target -= rate sqrt(1 - beta2^t) / (1 - beta1^t) first / (sqrt(second) + epsilon).
 */
export function applyAdam(
  graph: Graph,
  update: {
    readonly target: Variable;
    readonly slots: AdamSlots;
    readonly gradient: Tensor;
    readonly rate: Tensor;
    readonly power1: Tensor;
    readonly power2: Tensor;
  },
): GraphNode {
  const { target, slots, gradient, rate, power1, power2 } = update;
  const [beta1, beta2, epsilon] = [ADAM.beta1, ADAM.beta2, ADAM.epsilon].map((value) => scalar(graph, value));
  return addNode(graph, 'ResourceApplyAdam', {
    inputs: [
      ...[target.handle, slots.first.handle, slots.second.handle],
      ...[power1, power2, rate, beta1!, beta2!, epsilon!],
      gradient,
    ],
    attributes: {
      T: typeAttribute('float32'),
      use_locking: booleanAttribute(false),
      use_nesterov: booleanAttribute(false),
    },
    outputs: [],
  });
}

/** A tensor as it is, once all the given nodes have run. */
export function afterNodes(graph: Graph, x: Tensor, after: readonly GraphNode[]): Tensor {
  return addTensor(graph, 'Identity', {
    inputs: [x],
    attributes: { T: typeAttribute(x.dtype) },
    shape: x.shape,
    dtype: x.dtype,
    after,
  });
}
