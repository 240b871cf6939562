// Random numbers that are a function of the seed alone (Salmon et al. 2011): the same on every run and every thread count.
import { typeAttribute } from '../attributes.ts';
import { addTensor, type Graph, type Tensor } from '../graph.ts';
import { constant } from './constant.ts';

/** @param seed [2], int32 @returns uniform in [0, 1) */
export function randomUniform(graph: Graph, shape: readonly number[], seed: Tensor): Tensor {
  return stateless(graph, 'StatelessRandomUniform', shape, seed);
}

/** @param seed [2], int32 @returns of a normal distribution with mean 0 and variance 1 */
export function randomNormal(graph: Graph, shape: readonly number[], seed: Tensor): Tensor {
  return stateless(graph, 'StatelessRandomNormal', shape, seed);
}

function stateless(graph: Graph, op: string, shape: readonly number[], seed: Tensor): Tensor {
  const attributes = { dtype: typeAttribute('float32'), T: typeAttribute('int32'), Tseed: typeAttribute('int32') };
  return addTensor(graph, op, { inputs: [constant(graph, shape), seed], attributes, shape });
}
