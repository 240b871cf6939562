// Small graphs for tests: built, loaded, and run on typed arrays.
import { type Graph, newGraph, type Tensor } from '../../services/shared/graph/graph.ts';
import { placeholder } from '../../services/shared/graph/operations/constant.ts';
import { writeSavedModel } from '../../services/shared/graph/saved-model.ts';
import { loadModel, type TensorValue } from '../../services/shared/tensorflow/tensorflow.ts';

const DTYPES = [
  [Float32Array, 'float32'],
  [Int32Array, 'int32'],
  [Uint8Array, 'uint8'],
] as const;

export interface SmallGraph {
  run(inputs: readonly TensorValue[]): TensorValue[];
  [Symbol.dispose](): void;
}

/**
 * @param examples what the inputs look like: their shapes and types
 * @param build from the inputs, in their order, the outputs
 */
export function openGraph(
  examples: readonly TensorValue[],
  build: (graph: Graph, inputs: Tensor[]) => readonly Tensor[],
): SmallGraph {
  const graph = newGraph();
  const placeholders = examples.map(({ shape, data }, i) => {
    const dtype = DTYPES.find(([type]) => data instanceof type)![1];
    return placeholder(graph, `input${i}`, shape, dtype);
  });
  const outputs = build(graph, placeholders);
  const byName = <T>(values: readonly T[]) => Object.fromEntries(values.map((value, i) => [`value${i}`, value]));
  const model = loadModel(writeSavedModel(graph, { run: { inputs: byName(placeholders), outputs: byName(outputs) } }));
  return {
    run(inputs) {
      const results = model.run('run', byName(inputs));
      return outputs.map((_, i) => results[`value${i}`]!);
    },
    [Symbol.dispose]: () => model[Symbol.dispose](),
  };
}

/** Runs a graph once. */
export function runGraph(inputs: readonly TensorValue[], build: Parameters<typeof openGraph>[1]): TensorValue[] {
  const graph = openGraph(inputs, build);
  try {
    return graph.run(inputs);
  } finally {
    graph[Symbol.dispose]();
  }
}

export function floats(shape: readonly number[], values: Iterable<number>): TensorValue<Float32Array> {
  return { shape, data: Float32Array.from(values) };
}
