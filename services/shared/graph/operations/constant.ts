// Constants and inputs: what a graph starts from.
import { assert } from '../../errors.ts';
import { shapeAttribute, tensorAttribute, typeAttribute } from '../attributes.ts';
import { addTensor, type DataType, type Graph, type Tensor } from '../graph.ts';

/** @param values row-major, as many as the shape holds; int32 or float32 */
export function constant(
  graph: Graph,
  values: readonly number[],
  shape: readonly number[] = [values.length],
  dtype: 'float32' | 'int32' = 'int32',
): Tensor {
  const key = `${dtype} [${shape}] ${values}`;
  const known = graph.constants.get(key);
  if (known) return known;
  const data = dtype === 'float32' ? Float32Array.from(values) : Int32Array.from(values);
  const attributes = { dtype: typeAttribute(dtype), value: tensorAttribute(dtype, shape, data) };
  const made = addTensor(graph, 'Const', { attributes, shape, dtype });
  graph.constants.set(key, made);
  return made;
}

export function scalar(graph: Graph, value: number): Tensor {
  return constant(graph, [value], [], 'float32');
}

/** An input of a signature. */
export function placeholder(graph: Graph, name: string, shape: readonly number[], dtype: DataType = 'float32'): Tensor {
  const attributes = { dtype: typeAttribute(dtype), shape: shapeAttribute(shape) };
  return addTensor(graph, 'Placeholder', { attributes, shape, dtype, name });
}

/** The values of a constant that was made from whole numbers. */
export function constantIntegers({ node }: Tensor): number[] {
  const value = node.attributes.value?.value;
  assert(node.op === 'Const' && value?.$case === 'tensor', `${node.name} is a constant`);
  const { tensorContent: bytes } = value.value;
  return [...new Int32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / Int32Array.BYTES_PER_ELEMENT)];
}
