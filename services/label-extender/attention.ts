// Contextual attention, Eq. 7: how much each labelled patch of an image says about each place, and the mean of what they say.
//
//   S(q, k) = <P_q, P_k> / (max(|P_q|, 1e-4) max(|P_k|, 1e-4)),   A(q, .) = softmax over labelled k of  scale S(q, k)
//
//   P_q    the 3x3 patch of colours around cell q, or its features (patches.ts)       scale  10
//   k      patches whose centre is labelled; the others have the score -infinity: with 0 they would still take mass
//
// As a graph, for a tile of places at a time: the whole of A would be as large as the square of the grid. Shapes are static, so keys
// are padded to a power of two with keys of score -infinity.
import { assert } from '../shared/errors.ts';
import { newGraph } from '../shared/graph/graph.ts';
import { placeholder } from '../shared/graph/operations/constant.ts';
import { binary } from '../shared/graph/operations/elementwise.ts';
import { matmul } from '../shared/graph/operations/matmul.ts';
import { softmax } from '../shared/graph/operations/softmax.ts';
import { readVariable, variable } from '../shared/graph/operations/variable.ts';
import { writeSavedModel } from '../shared/graph/saved-model.ts';
import { loadSignature } from '../shared/model/parameters.ts';
import { type LoadedModel, loadModel } from '../shared/tensorflow/tensorflow.ts';
import { PATCH_LENGTH } from './patches.ts';

/** Scores in memory at a time. */
const TILE_SCORES = 1 << 22;
const TILE_QUERIES_MAX = 512;
const KEYS_MIN = 256;
/** In the place of -infinity, which a scale of 0 would make NaN. */
const NEVER = -1e30;

export interface AttentionOptions {
  /** Cells that ask. */
  readonly queries: Int32Array;
  /** Cells that answer: those with a label, at least one. */
  readonly keys: Int32Array;
  /** What each key says: keys * valueLength. */
  readonly values: Float32Array;
  readonly valueLength: number;
  readonly scale: number;
  /** Numbers of a patch; by default those of colours. */
  readonly patchLength?: number;
}

/**
 * @param patches unit patches, h*w*patchLength
 * @returns sum_k A(q, k) values_k for each query: queries * valueLength
 */
export function attend(patches: Float32Array, options: AttentionOptions): Float32Array {
  const { queries, keys, values, valueLength, scale, patchLength = PATCH_LENGTH } = options;
  assert(keys.length > 0 && values.length === keys.length * valueLength, 'every key has its values');
  const keyCount = Math.max(KEYS_MIN, 2 ** Math.ceil(Math.log2(keys.length)));
  const tile = Math.min(TILE_QUERIES_MAX, TILE_SCORES / keyCount);
  const model = openAttention({ tile, keyCount, valueLength, patchLength });

  const bias = new Float32Array(keyCount).fill(NEVER, keys.length);
  const padded = new Float32Array(keyCount * valueLength);
  padded.set(values);
  model.run('load', {
    keys: { shape: [keyCount, patchLength], data: gather(patches, keys, { count: keyCount, patchLength }) },
    values: { shape: [keyCount, valueLength], data: padded },
    bias: { shape: [keyCount], data: bias },
  });
  const attended = new Float32Array(queries.length * valueLength);
  for (let first = 0; first < queries.length; first += tile) {
    const asking = queries.subarray(first, first + tile);
    const { means } = model.run('attend', {
      queries: { shape: [tile, patchLength], data: gather(patches, asking, { count: tile, patchLength }) },
      scale: { shape: [], data: Float32Array.of(scale) },
    });
    attended.set((means!.data as Float32Array).subarray(0, asking.length * valueLength), first * valueLength);
  }
  return attended;
}

interface Shape {
  readonly tile: number;
  readonly keyCount: number;
  readonly valueLength: number;
  readonly patchLength: number;
}

/** The last one used: images of a shard mostly have as many keys, rounded. */
let open: { readonly key: string; readonly model: LoadedModel } | undefined;

function openAttention({ tile, keyCount, valueLength, patchLength }: Shape): LoadedModel {
  const key = `${tile} ${keyCount} ${valueLength} ${patchLength}`;
  if (open?.key === key) return open.model;
  const graph = newGraph();
  const inputs = {
    queries: placeholder(graph, 'queries', [tile, patchLength]),
    scale: placeholder(graph, 'scale', []),
  };
  const loaded = {
    keys: variable(graph, 'keys', [keyCount, patchLength]),
    values: variable(graph, 'values', [keyCount, valueLength]),
    bias: variable(graph, 'bias', [keyCount]),
  };
  const cosines = matmul(graph, inputs.queries, readVariable(graph, loaded.keys), { transposeB: true }); // [T, K]
  const scores = binary(graph, 'AddV2', binary(graph, 'Mul', cosines, inputs.scale), readVariable(graph, loaded.bias));
  const means = matmul(graph, softmax(graph, scores), readVariable(graph, loaded.values)); // [T, V]
  const saved = writeSavedModel(graph, {
    load: loadSignature(graph, Object.values(loaded)),
    attend: { inputs, outputs: { means } },
  });
  open?.model[Symbol.dispose]();
  open = { key, model: loadModel(saved) };
  return open.model;
}

/** @returns the patches of some cells, then zeros: count * patchLength */
function gather(
  patches: Float32Array,
  cells: Int32Array,
  { count, patchLength }: { count: number; patchLength: number },
): Float32Array {
  const gathered = new Float32Array(count * patchLength);
  cells.forEach((cell, i) => {
    gathered.set(patches.subarray(cell * patchLength, (cell + 1) * patchLength), i * patchLength);
  });
  return gathered;
}
