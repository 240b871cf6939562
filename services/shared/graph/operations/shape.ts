// Operations that move elements and change none.
import { assert } from '../../errors.ts';
import { integerAttribute, typeAttribute } from '../attributes.ts';
import { addTensor, type Graph, sizeOf, type Tensor } from '../graph.ts';
import { constant, scalar } from './constant.ts';

export function reshape(graph: Graph, x: Tensor, shape: readonly number[]): Tensor {
  assert(sizeOf(shape) === sizeOf(x.shape), `[${x.shape}] holds as many elements as [${shape}]`);
  if (shape.join() === x.shape.join()) return x;
  const attributes = { T: typeAttribute(x.dtype), Tshape: typeAttribute('int32') };
  return addTensor(graph, 'Reshape', { inputs: [x, constant(graph, shape)], attributes, shape, dtype: x.dtype });
}

/** Repeats a tensor along each axis as often as multiples says. */
export function tile(graph: Graph, x: Tensor, multiples: readonly number[]): Tensor {
  if (multiples.every((multiple) => multiple === 1)) return x;
  const shape = x.shape.map((size, axis) => size * multiples[axis]!);
  const attributes = { T: typeAttribute(x.dtype), Tmultiples: typeAttribute('int32') };
  return addTensor(graph, 'Tile', { inputs: [x, constant(graph, multiples)], attributes, shape, dtype: x.dtype });
}

/** Joins tensors along the last axis. */
export function concat(graph: Graph, parts: readonly Tensor[]): Tensor {
  const { shape, dtype } = parts[0]!;
  if (parts.length === 1) return parts[0]!;
  const last = parts.reduce((sum, part) => sum + part.shape.at(-1)!, 0);
  const attributes = { N: integerAttribute(parts.length), T: typeAttribute(dtype), Tidx: typeAttribute('int32') };
  const inputs = [...parts, constant(graph, [shape.length - 1], [])];
  return addTensor(graph, 'ConcatV2', { inputs, attributes, shape: [...shape.slice(0, -1), last], dtype });
}

export function slice(graph: Graph, x: Tensor, begin: readonly number[], size: readonly number[]): Tensor {
  const attributes = { T: typeAttribute(x.dtype), Index: typeAttribute('int32') };
  const inputs = [x, constant(graph, begin), constant(graph, size)];
  return addTensor(graph, 'Slice', { inputs, attributes, shape: size, dtype: x.dtype });
}

export function transpose(graph: Graph, x: Tensor, permutation: readonly number[]): Tensor {
  const shape = permutation.map((axis) => x.shape[axis]!);
  const attributes = { T: typeAttribute(x.dtype), Tperm: typeAttribute('int32') };
  return addTensor(graph, 'Transpose', {
    inputs: [x, constant(graph, permutation)],
    attributes,
    shape,
    dtype: x.dtype,
  });
}

/** Zeros around a tensor: [before, after] of each axis. */
export function pad(graph: Graph, x: Tensor, paddings: readonly (readonly [number, number])[]): Tensor {
  const shape = x.shape.map((size, axis) => size + paddings[axis]![0] + paddings[axis]![1]);
  const attributes = { T: typeAttribute(x.dtype), Tpaddings: typeAttribute('int32') };
  const inputs = [x, constant(graph, paddings.flat(), [paddings.length, 2])];
  return addTensor(graph, 'Pad', { inputs, attributes, shape, dtype: x.dtype });
}

/** The id's place along a new last axis is 1, the others 0. @param ids int32 */
export function oneHot(graph: Graph, ids: Tensor, classCount: number): Tensor {
  const attributes = { T: typeAttribute('float32'), TI: typeAttribute('int32'), axis: integerAttribute(-1) };
  const inputs = [ids, constant(graph, [classCount], []), scalar(graph, 1), scalar(graph, 0)];
  return addTensor(graph, 'OneHot', { inputs, attributes, shape: [...ids.shape, classCount] });
}

/** A tensor of zeros that no file has to hold. */
export function zeros(graph: Graph, shape: readonly number[]): Tensor {
  const attributes = { T: typeAttribute('float32'), index_type: typeAttribute('int32') };
  return addTensor(graph, 'Fill', { inputs: [constant(graph, shape), scalar(graph, 0)], attributes, shape });
}

/** Rows of a table: table[indices]. Not differentiated. */
export function gather(graph: Graph, table: Tensor, indices: Tensor): Tensor {
  const attributes = {
    Tparams: typeAttribute(table.dtype),
    Tindices: typeAttribute('int32'),
    Taxis: typeAttribute('int32'),
    batch_dims: integerAttribute(0),
  };
  const shape = [...indices.shape, ...table.shape.slice(1)];
  const inputs = [table, indices, constant(graph, [0], [])];
  return addTensor(graph, 'GatherV2', { inputs, attributes, shape, dtype: table.dtype });
}

/** The zeros to add, or to take away, at the end of each of the two spatial axes. */
type Ends = readonly [number, number];

/**
 * Splits space into block x block interleaved images that go into the batch: a dilated convolution becomes a plain one.
 * @param before zeros added before rows and columns
 * @param after zeros added after them; the padded sizes are multiples of the block
 */
export function spaceToBatch(graph: Graph, x: Tensor, block: number, before: number, after: Ends): Tensor {
  const [n, h, w, c] = x.shape as [number, number, number, number];
  const shape = [n * block * block, (h + before + after[0]) / block, (w + before + after[1]) / block, c];
  const attributes = {
    T: typeAttribute(x.dtype),
    Tblock_shape: typeAttribute('int32'),
    Tpaddings: typeAttribute('int32'),
  };
  const paddings = constant(graph, [before, after[0], before, after[1]], [2, 2]);
  const inputs = [x, constant(graph, [block, block]), paddings];
  return addTensor(graph, 'SpaceToBatchND', { inputs, attributes, shape, dtype: x.dtype });
}

/** The way back: puts interleaved images together and cuts what was padded. */
export function batchToSpace(graph: Graph, x: Tensor, block: number, before: number, after: Ends): Tensor {
  const [n, h, w, c] = x.shape as [number, number, number, number];
  const shape = [n / (block * block), h * block - before - after[0], w * block - before - after[1], c];
  const attributes = {
    T: typeAttribute(x.dtype),
    Tblock_shape: typeAttribute('int32'),
    Tcrops: typeAttribute('int32'),
  };
  const crops = constant(graph, [before, after[0], before, after[1]], [2, 2]);
  const inputs = [x, constant(graph, [block, block]), crops];
  return addTensor(graph, 'BatchToSpaceND', { inputs, attributes, shape, dtype: x.dtype });
}
