// Attributes of operations, in the words of the saved-model format.
import type { AttrValue, TensorShapeProto } from '../../../proto/gen/tensorflow/saved_model.ts';
import type { DataType, Tensor } from './graph.ts';

/** TensorFlow's numbers for the types (tensorflow/core/framework/types.proto). */
export const TYPE_NUMBERS: Readonly<Record<DataType, number>> = {
  float32: 1,
  int32: 3,
  uint8: 4,
  bool: 10,
  bfloat16: 14,
  resource: 20,
};

export function typeAttribute(dtype: DataType): AttrValue {
  return { value: { $case: 'type', value: TYPE_NUMBERS[dtype] } };
}

export function integerAttribute(value: number): AttrValue {
  return { value: { $case: 'i', value: BigInt(value) } };
}

export function integersAttribute(values: readonly number[]): AttrValue {
  return { value: { $case: 'list', value: { i: values.map(BigInt) } } };
}

export function floatAttribute(value: number): AttrValue {
  return { value: { $case: 'f', value } };
}

export function booleanAttribute(value: boolean): AttrValue {
  return { value: { $case: 'b', value } };
}

export function textAttribute(value: string): AttrValue {
  return { value: { $case: 's', value: new TextEncoder().encode(value) } };
}

export function shapeAttribute(shape: readonly number[]): AttrValue {
  return { value: { $case: 'shape', value: shapeMessage(shape) } };
}

export function tensorAttribute(dtype: DataType, shape: readonly number[], data: Float32Array | Int32Array): AttrValue {
  const tensorContent = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const value = { dtype: TYPE_NUMBERS[dtype], tensorShape: shapeMessage(shape), tensorContent };
  return { value: { $case: 'tensor', value } };
}

export function shapeMessage(shape: readonly number[]): TensorShapeProto {
  return { dim: shape.map((size) => ({ size: BigInt(size) })) };
}

export function tensorName(tensor: Tensor): string {
  return `${tensor.node.name}:${tensor.output}`;
}
