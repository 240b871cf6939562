// The filter of regional Gaussian attention, E <- E (*) K with K = k k^T, as two products with banded matrices.
//
//   F = B_H E B_W,    B_n(i, j) = k_(j - i + r) where |j - i| <= r, else 0: [n, n]        r = (s - 1) / 2
//
// Outside the image E is zero, so F is as large as E ("same"). Most of a band is multiplied with zeros; matrix products are still
// several times faster than sums over s neighbours, and take the same time for every s.
import { assert } from '../shared/errors.ts';
import { newGraph, type Tensor } from '../shared/graph/graph.ts';
import { placeholder } from '../shared/graph/operations/constant.ts';
import { matmul } from '../shared/graph/operations/matmul.ts';
import { writeSavedModel } from '../shared/graph/saved-model.ts';
import type { Size } from '../shared/images/images.ts';
import { loadModel, type TensorValue } from '../shared/tensorflow/tensorflow.ts';

export interface GaussianFilter {
  /** @param map E, H*W, row-major @returns F, H*W; the array is the caller's */
  filter(map: Float32Array): Float32Array;
  [Symbol.dispose](): void;
}

/** @param kernel k, odd length, symmetric */
export function openGaussianFilter({ height, width }: Size, kernel: Float64Array): GaussianFilter {
  assert(kernel.length % 2 === 1, `a kernel with a centre has an odd length, got ${kernel.length}`);
  const graph = newGraph();
  const inputs = {
    map: placeholder(graph, 'map', [height, width]),
    rows: placeholder(graph, 'rows', [height, height]),
    columns: placeholder(graph, 'columns', [width, width]),
  };
  const filtered = matmul(graph, inputs.rows, matmul(graph, inputs.map, inputs.columns)); // [H, W]
  const model = loadModel(writeSavedModel(graph, { filter: { inputs, outputs: { filtered } } }));
  const bands = { rows: band(inputs.rows, kernel), columns: band(inputs.columns, kernel) };
  return {
    filter(map) {
      assert(map.length === height * width, `expected a map of ${height}x${width}, got ${map.length} values`);
      const { filtered } = model.run('filter', { map: { shape: [height, width], data: map }, ...bands });
      return filtered!.data as Float32Array;
    },
    [Symbol.dispose]: () => model[Symbol.dispose](),
  };
}

function band({ shape }: Tensor, kernel: Float64Array): TensorValue {
  const [size] = shape as [number, number];
  const radius = (kernel.length - 1) / 2;
  const data = new Float32Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = Math.max(0, i - radius); j <= Math.min(size - 1, i + radius); j++) {
      data[i * size + j] = kernel[j - i + radius]!;
    }
  }
  return { shape, data };
}
