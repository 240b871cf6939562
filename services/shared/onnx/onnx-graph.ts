// An ONNX graph while it is written: nodes in the order in which they are made, values by name.
import type { AttributeProto, NodeProto, TensorProto } from '../../../proto/gen/onnx/onnx.ts';

export const ONNX_TYPES = { float32: 1, uint8: 2, int64: 7 } as const;

export interface OnnxTensor {
  readonly name: string;
  readonly shape: readonly number[];
}

export interface OnnxGraph {
  readonly nodes: NodeProto[];
  readonly initializers: TensorProto[];
}

type AttributeValue = number | string | readonly number[];

export function addNode(
  graph: OnnxGraph,
  opType: string,
  inputs: readonly OnnxTensor[],
  shape: readonly number[],
  attributes: Readonly<Record<string, AttributeValue>> = {},
): OnnxTensor {
  const name = `${opType}_${graph.nodes.length}`;
  const attribute = Object.entries(attributes).map(([key, value]) => attributeOf(key, value));
  graph.nodes.push({ input: inputs.map((input) => input.name), output: [name], name, opType, attribute });
  return { name, shape };
}

export function addFloats(graph: OnnxGraph, name: string, values: ArrayLike<number>, shape: readonly number[]) {
  return addInitializer(graph, name, { values: Float32Array.from(values), type: ONNX_TYPES.float32, shape });
}

/** A list of whole numbers, as shapes and axes are given. */
export function addIntegers(graph: OnnxGraph, values: readonly number[]): OnnxTensor {
  const name = `integers_${graph.initializers.length}`;
  const data = { values: BigInt64Array.from(values, BigInt), type: ONNX_TYPES.int64, shape: [values.length] };
  return addInitializer(graph, name, data);
}

function addInitializer(
  graph: OnnxGraph,
  name: string,
  { values, type, shape }: { values: Float32Array | BigInt64Array; type: number; shape: readonly number[] },
): OnnxTensor {
  const rawData = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  graph.initializers.push({ dims: shape.map(BigInt), dataType: type, name, rawData });
  return { name, shape };
}

function attributeOf(name: string, value: AttributeValue): AttributeProto {
  const none = { name, i: 0n, s: new Uint8Array(), ints: [] };
  if (typeof value === 'number') return { ...none, i: BigInt(value), type: 2 };
  if (typeof value === 'string') return { ...none, s: Buffer.from(value), type: 3 };
  return { ...none, ints: value.map(BigInt), type: 7 };
}
