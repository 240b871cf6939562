// A TensorFlow graph as it is written down: a list of nodes in which every node comes after its inputs.
import type { AttrValue } from '../../../proto/gen/tensorflow/saved_model.ts';

export type DataType = 'float32' | 'bfloat16' | 'int32' | 'uint8' | 'bool' | 'resource';

/** One output of a node; shapes are static. */
export interface Tensor {
  readonly node: GraphNode;
  readonly output: number;
  readonly shape: readonly number[];
  readonly dtype: DataType;
}

export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly attributes: Readonly<Record<string, AttrValue>>;
  /** Nodes that have to run before this one, though it takes nothing from them. */
  readonly after: readonly GraphNode[];
}

export interface Graph {
  readonly nodes: GraphNode[];
  /** Constants by type, shape and values: each is written once. */
  readonly constants: Map<string, Tensor>;
}

export interface NodeSpec {
  readonly inputs?: readonly Tensor[];
  readonly attributes?: Readonly<Record<string, AttrValue>>;
  readonly outputs: readonly { readonly shape: readonly number[]; readonly dtype: DataType }[];
  readonly after?: readonly GraphNode[];
  /** Unique in the graph; made from the operation's name where absent. */
  readonly name?: string;
}

export function newGraph(): Graph {
  return { nodes: [], constants: new Map() };
}

export function addNode(graph: Graph, op: string, spec: NodeSpec): GraphNode {
  const outputs: Tensor[] = [];
  const node: GraphNode = {
    name: spec.name ?? `${op}_${graph.nodes.length}`,
    op,
    inputs: spec.inputs ?? [],
    outputs,
    attributes: spec.attributes ?? {},
    after: spec.after ?? [],
  };
  spec.outputs.forEach(({ shape, dtype }, output) => {
    outputs.push({ node, output, shape, dtype });
  });
  graph.nodes.push(node);
  return node;
}

/** Adds a node with one output and returns that. */
export function addTensor(
  graph: Graph,
  op: string,
  spec: Omit<NodeSpec, 'outputs'> & { readonly shape: readonly number[]; readonly dtype?: DataType },
): Tensor {
  const { shape, dtype = 'float32', ...rest } = spec;
  return addNode(graph, op, { ...rest, outputs: [{ shape, dtype }] }).outputs[0]!;
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, dimension) => size * dimension, 1);
}
