// The weights of a Keras model as TensorFlow.js saves it: a manifest of names, shapes and types, and their bytes in shards.
import { invalid } from '../errors.ts';
import { sizeOf } from '../graph/graph.ts';
import type { WeightTensor } from './weights.ts';

export interface WeightsManifest {
  /** The files that hold the bytes, in order. */
  readonly shards: readonly string[];
  readonly entries: readonly ManifestEntry[];
}

interface ManifestEntry {
  readonly name: string;
  readonly shape: readonly number[];
  /** value = min + scale * byte, or * two bytes. Absent: float32. */
  readonly quantization?: { readonly min: number; readonly scale: number; readonly dtype: 'uint8' | 'uint16' };
}

const QUANTIZED = { uint8: Uint8Array, uint16: Uint16Array };

/** @param source what the model is, for the error where it is not one */
export function readManifest(model: unknown, source: string): WeightsManifest {
  const groups = (model as { weightsManifest?: unknown } | null)?.weightsManifest;
  if (!Array.isArray(groups)) throw invalid(`${source}: expected a TensorFlow.js layers model with a weightsManifest`);
  const group = groups as { paths?: unknown; weights?: unknown }[];
  const shards = group.flatMap(({ paths }) => (Array.isArray(paths) ? (paths as unknown[]) : [undefined]));
  const entries = group.flatMap(({ weights }) => (Array.isArray(weights) ? (weights as unknown[]) : [undefined]));
  return {
    shards: shards.map((shard) => checkShard(shard, source)),
    entries: entries.map((entry) => checkEntry(entry, source)),
  };
}

/** A shard is a plain file name beside the model: nothing in a model may name another place. */
function checkShard(shard: unknown, source: string): string {
  if (typeof shard !== 'string' || !/^[\w-][\w.-]*$/.test(shard)) {
    throw invalid(`${source}: expected plain file names in weightsManifest.paths, got ${JSON.stringify(shard)}`);
  }
  return shard;
}

function checkEntry(value: unknown, source: string): ManifestEntry {
  const { name, shape, dtype, quantization } = (value ?? {}) as Record<string, unknown>;
  const isShape = Array.isArray(shape) && shape.every((size) => Number.isSafeInteger(size) && size >= 0);
  if (typeof name !== 'string' || !isShape || dtype !== 'float32') {
    throw invalid(`${source}: expected float32 weights with a name and a shape, got ${JSON.stringify(value)}`);
  }
  if (quantization === undefined) return { name, shape: shape as number[] };
  const { min, scale, dtype: stored } = quantization as Record<string, unknown>;
  if (typeof min !== 'number' || typeof scale !== 'number' || (stored !== 'uint8' && stored !== 'uint16')) {
    throw invalid(`${source}: ${name}: expected uint8 or uint16 quantization, got ${JSON.stringify(quantization)}`);
  }
  return { name, shape: shape as number[], quantization: { min, scale, dtype: stored } };
}

/** @param bytes of all shards, joined */
export function readWeights(
  { entries }: WeightsManifest,
  bytes: Uint8Array,
  source: string,
): Map<string, WeightTensor> {
  let offset = 0;
  const weights = new Map<string, WeightTensor>();
  for (const { name, shape, quantization } of entries) {
    const Stored = quantization ? QUANTIZED[quantization.dtype] : Float32Array;
    const length = sizeOf(shape) * Stored.BYTES_PER_ELEMENT;
    if (offset + length > bytes.length) {
      throw invalid(`${source}: ${name}: expected weights up to byte ${offset + length}, got ${bytes.length} bytes`);
    }
    // A copy, which also lies at an address that any type can start at.
    const stored = new Stored(new Uint8Array(bytes.subarray(offset, offset + length)).buffer);
    const data = quantization
      ? Float32Array.from(stored, (value) => quantization.min + quantization.scale * value)
      : Float32Array.from(stored);
    weights.set(name, { shape, data });
    offset += length;
  }
  if (offset !== bytes.length) throw invalid(`${source}: expected ${offset} bytes of weights, got ${bytes.length}`);
  return weights;
}
