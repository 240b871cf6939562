// The parameters of a network by name, and the check that they are the ones it needs.
import { invalid } from '../errors.ts';
import type { ParameterSpec } from './layers.ts';

export interface WeightTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export type Weights = ReadonlyMap<string, WeightTensor>;

/**
 * Throws INVALID_ARGUMENT unless every parameter is there with its shape and finite numbers, and nothing else.
 * @param source what the weights are, for the error
 */
export function checkWeights(parameters: readonly ParameterSpec[], weights: Weights, source: string): void {
  for (const { name, shape } of parameters) {
    const tensor = weights.get(name);
    if (!tensor) throw invalid(`${source}: expected the tensor ${name}, which is missing`);
    if (tensor.shape.join() !== shape.join()) {
      throw invalid(`${source}: ${name}: expected the shape [${shape}], got [${tensor.shape}]`);
    }
  }
  const known = new Set(parameters.map(({ name }) => name));
  for (const name of weights.keys()) {
    if (!known.has(name)) throw invalid(`${source}: the tensor ${name} is not one of this network`);
  }
  checkFinite(weights, source);
}

export function checkFinite(weights: Weights, source: string): void {
  for (const [name, { data }] of weights) {
    const index = data.findIndex((value) => !Number.isFinite(value));
    if (index >= 0) throw invalid(`${source}: ${name}: expected finite numbers, got ${data[index]} at ${index}`);
  }
}
