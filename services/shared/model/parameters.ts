// The parameters of a network as variables of a graph, made where a layer first asks for them.
import { assert } from '../errors.ts';
import type { Graph, Tensor } from '../graph/graph.ts';
import { placeholder, scalar } from '../graph/operations/constant.ts';
import { afterNodes, assignVariable, readVariable, type Variable, variable } from '../graph/operations/variable.ts';
import type { Signature } from '../graph/saved-model.ts';
import type { ParameterSource, ParameterSpec } from './layers.ts';

export interface GraphParameter {
  readonly spec: ParameterSpec;
  readonly variable: Variable;
  /** Its value, read once a run. */
  readonly value: Tensor;
}

export interface GraphParameters {
  readonly source: ParameterSource<Tensor>;
  readonly all: ReadonlyMap<string, GraphParameter>;
}

export function graphParameters(graph: Graph): GraphParameters {
  const all = new Map<string, GraphParameter>();
  return {
    all,
    source(spec) {
      const known = all.get(spec.name);
      if (known) {
        assert(known.spec.shape.join() === spec.shape.join(), `${spec.name} has one shape`);
        return known.value;
      }
      const made = variable(graph, spec.name, spec.shape);
      const value = readVariable(graph, made);
      all.set(spec.name, { spec, variable: made, value });
      return value;
    },
  };
}

/** The signature that sets variables: an input for each, under its name. */
export function loadSignature(graph: Graph, variables: readonly Variable[]): Signature {
  const inputs: Record<string, Tensor> = {};
  const assignments = variables.map((target) => {
    const value = placeholder(graph, `load/${target.name}`, target.shape);
    inputs[target.name] = value;
    return assignVariable(graph, target, value);
  });
  return { inputs, outputs: { done: afterNodes(graph, scalar(graph, 1), assignments) } };
}

/** The signature that reads variables: an output for each, under its name. */
export function saveSignature(graph: Graph, variables: readonly Variable[]): Signature {
  const outputs = Object.fromEntries(variables.map((source) => [source.name, readVariable(graph, source)]));
  return { inputs: {}, outputs };
}
