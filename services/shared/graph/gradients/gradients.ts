// Reverse-mode differentiation: from the loss back through the nodes in reverse order, the chain rule at each of them.
import { integerAttribute, typeAttribute } from '../attributes.ts';
import { addTensor, type Graph, type GraphNode, type Tensor } from '../graph.ts';
import { constant } from '../operations/constant.ts';
import { gradientTable } from './gradient-table.ts';
import { RECOMPUTED_FROM_BYTES, recompute } from './recompute.ts';

/**
 * Adds the nodes that compute the derivatives of a scalar loss.
 * @param targets what to differentiate by
 * @param recomputedFromBytes size of activations from which they are computed again; see recompute.ts
 * @returns a gradient for each target, of its shape; undefined where the loss does not depend on it
 */
export function gradients(
  graph: Graph,
  loss: Tensor,
  targets: readonly Tensor[],
  recomputedFromBytes = RECOMPUTED_FROM_BYTES,
): (Tensor | undefined)[] {
  const nodes = graph.nodes.slice();
  const dependent = dependentNodes(nodes, targets);
  const arrived = new Map<Tensor, Tensor[]>([[loss, [constant(graph, [1], [], 'float32')]]]);
  const take = (tensor: Tensor) => sum(graph, arrived.get(tensor) ?? []);
  const recalled = new Map<Tensor, Tensor>();
  /** A tensor as the gradients see it: kept, or computed again. */
  const recall = (tensor: Tensor, dy: Tensor): Tensor => {
    const value = recalled.get(tensor) ?? recompute(graph, tensor, dy.node, recomputedFromBytes);
    recalled.set(tensor, value);
    return value;
  };

  for (const node of nodes.reverse()) {
    const gradient = gradientTable[node.op];
    const dy = dependent.has(node) && gradient ? take(node.outputs[0]!) : undefined;
    if (!dy || !gradient) continue;
    const inputs = node.inputs.map((input) => recall(input, dy));
    const outputs = node.outputs.map((output) => recall(output, dy));
    gradient(graph, { ...node, inputs, outputs }, dy).forEach((dx, index) => {
      const input = node.inputs[index]!;
      // A kernel that nobody reads from is never run, so gradients by inputs that lead nowhere cost nothing.
      if (!dx || !dependent.has(input.node)) return;
      const others = arrived.get(input);
      if (others) others.push(dx);
      else arrived.set(input, [dx]);
    });
  }
  return targets.map(take);
}

/** The nodes whose outputs depend on a target through operations that have gradients, the targets' own included. */
function dependentNodes(nodes: readonly GraphNode[], targets: readonly Tensor[]): Set<GraphNode> {
  const dependent = new Set(targets.map(({ node }) => node));
  for (const node of nodes) {
    if (gradientTable[node.op] && node.inputs.some((input) => dependent.has(input.node))) dependent.add(node);
  }
  return dependent;
}

function sum(graph: Graph, terms: readonly Tensor[]): Tensor | undefined {
  const first = terms[0];
  if (!first || terms.length === 1) return first;
  const attributes = { N: integerAttribute(terms.length), T: typeAttribute(first.dtype) };
  return addTensor(graph, 'AddN', { inputs: terms, attributes, shape: first.shape, dtype: first.dtype });
}
