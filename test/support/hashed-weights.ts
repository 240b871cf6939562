// Numbers that a name and an index decide, the same ones as in test/goldens/make_encoder_goldens.py.
import { sizeOf } from '../../services/shared/graph/graph.ts';
import type { WeightTensor } from '../../services/shared/model/weights.ts';

/** In [0, 1): FNV-1a of the name, then MurmurHash3's last mix of it and the index. */
export function hashedUniform(name: string, count: number): Float64Array {
  let seed = 2166136261;
  for (const byte of new TextEncoder().encode(name)) seed = Math.imul(seed ^ byte, 16777619);
  const values = new Float64Array(count);
  // A loop, as all of these: there are 35 million weights in the largest network.
  for (let i = 0; i < count; i++) {
    let x = seed + Math.imul(i, 0x9e3779b9);
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    values[i] = ((x ^ (x >>> 16)) >>> 0) / 2 ** 32;
  }
  return values;
}

/** @param name in PyTorch's state_dict, which tells what kind of tensor it is */
export function hashedTensor(name: string, shape: readonly number[]): WeightTensor {
  const u = hashedUniform(name, sizeOf(shape));
  const [scale, offset] = spread(name, shape);
  const data = new Float32Array(u.length);
  for (let i = 0; i < data.length; i++) data[i] = scale * u[i]! + offset;
  return { shape, data };
}

/** A value is scale * u + offset. */
function spread(name: string, shape: readonly number[]): [scale: number, offset: number] {
  if (shape.length === 4) {
    // A convolution: variance 2 / fan-in.
    const reach = Math.sqrt(6 / sizeOf(shape.slice(1)));
    return [2 * reach, -reach];
  }
  if (name.endsWith('running_var')) return [1, 0.5];
  return name.endsWith('weight') ? [0.5, 0.5] : [0.4, -0.2];
}
