// What a gradient is: from a node and the gradients of a loss by its outputs, the gradients by its inputs.
import type { Graph, GraphNode, Tensor } from '../graph.ts';

/** @param dy by the first output; the other outputs of a node are statistics that no loss depends on */
export type Gradient = (graph: Graph, node: GraphNode, dy: Tensor) => readonly (Tensor | undefined)[];

/** By operation; undefined for an input means that nothing flows there. */
export type GradientTable = Readonly<Record<string, Gradient>>;
