// Weights before any training: filters from a normal distribution with variance 2 / fan-in (He et al. 2015), each from its
// own stream of random numbers, so that a parameter's numbers depend on the seed and its name alone.
import { sizeOf } from '../graph/graph.ts';
import { seededRandom } from '../random.ts';
import type { ParameterSpec } from './layers.ts';
import type { WeightTensor } from './weights.ts';

export function freshWeights(parameters: readonly ParameterSpec[], seed: number): Map<string, WeightTensor> {
  return new Map(
    parameters.map(({ name, shape, initializer }) => {
      const size = sizeOf(shape);
      if (typeof initializer === 'number') return [name, { shape, data: new Float32Array(size).fill(initializer) }];
      const deviation = Math.sqrt(2 / initializer.fanIn);
      const random = seededRandom('weights', seed, name);
      const data = new Float32Array(size);
      // A loop: an encoder may have 35 million weights.
      for (let i = 0; i < size; i++) data[i] = deviation * normal(random);
      return [name, { shape, data }];
    }),
  );
}

/** Standard normal by Box and Muller (1958). */
function normal(random: () => number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  return radius * Math.cos(2 * Math.PI * random());
}
