// One training step as one function of a graph: forward, losses, gradients, momentum, running statistics.
import type { ImageSize, LossPredictionConfig, NetworkConfig } from '../../../proto/gen/cpral/v1/resources.ts';
import { gradients } from '../graph/gradients/gradients.ts';
import { type Graph, type GraphNode, newGraph, type Tensor } from '../graph/graph.ts';
import { placeholder, scalar } from '../graph/operations/constant.ts';
import { binary } from '../graph/operations/elementwise.ts';
import { afterNodes, applyMomentum, assignVariable, type Variable, variable } from '../graph/operations/variable.ts';
import { writeSavedModel } from '../graph/saved-model.ts';
import { graphOperations } from './graph-operations.ts';
import { type ParameterSpec, type StatisticUpdate, trainingLayers } from './layers.ts';
import { type GraphParameters, graphParameters, loadSignature, saveSignature } from './parameters.ts';
import { trainingLoss } from './training-loss.ts';

export interface TrainingGraphOptions {
  readonly network: NetworkConfig;
  readonly classCount: number;
  readonly size: ImageSize;
  readonly batchSize: number;
  readonly momentum: number;
  readonly weightDecay: number;
  /** Absent: the head is neither trained nor touched. */
  readonly lossPrediction?: LossPredictionConfig;
}

export interface TrainingGraph {
  /**
   * Signatures: step (images, labels, rate, seed, class_weights, gate) -> loss, ranking_loss; load and save, with the
   * parameters and their velocities by name.
   */
  readonly savedModel: Uint8Array;
  readonly parameters: readonly ParameterSpec[];
}

/** Velocities of the optimizer are named after their parameters. */
export const VELOCITY_PREFIX = 'velocity/';

export function buildTrainingGraph(options: TrainingGraphOptions): TrainingGraph {
  const { batchSize, size, classCount } = options;
  const graph = newGraph();
  const inputs = {
    images: placeholder(graph, 'images', [batchSize, size.height, size.width, 3], 'uint8'),
    labels: placeholder(graph, 'labels', [batchSize, size.height, size.width], 'uint8'),
    rate: placeholder(graph, 'rate', []),
    seed: placeholder(graph, 'seed', [2], 'int32'),
    class_weights: placeholder(graph, 'class_weights', [classCount]),
    gate: placeholder(graph, 'gate', []),
  };
  const parameters = graphParameters(graph);
  const statistics: StatisticUpdate<Tensor>[] = [];
  const layers = trainingLayers(graphOperations(graph), parameters.source, (update) => statistics.push(update));
  const losses = trainingLoss(layers, { ...options, ...inputs, classWeights: inputs.class_weights });

  const trained = [...parameters.all.values()].filter(({ spec }) => spec.trainable);
  const velocities = new Map(
    trained.map(({ spec }) => [spec.name, variable(graph, VELOCITY_PREFIX + spec.name, spec.shape)]),
  );
  const updates = [
    ...optimize(graph, { options, parameters, velocities, loss: losses.total, rate: inputs.rate }),
    ...statistics.map(({ name, value }) => assignVariable(graph, parameters.all.get(name)!.variable, value)),
  ];
  const variables = [...[...parameters.all.values()].map((parameter) => parameter.variable), ...velocities.values()];
  const savedModel = writeSavedModel(graph, {
    step: {
      inputs,
      outputs: { loss: afterNodes(graph, losses.segmentation, updates), ranking_loss: losses.ranking },
    },
    load: loadSignature(graph, variables),
    save: saveSignature(graph, variables),
  });
  return { savedModel, parameters: [...parameters.all.values()].map(({ spec }) => spec) };
}

/** Stochastic gradient descent with momentum; weight decay is part of the gradient. */
function optimize(
  graph: Graph,
  work: {
    readonly options: TrainingGraphOptions;
    readonly parameters: GraphParameters;
    readonly velocities: ReadonlyMap<string, Variable>;
    readonly loss: Tensor;
    readonly rate: Tensor;
  },
): GraphNode[] {
  const { options, parameters, velocities, loss, rate } = work;
  const trained = [...parameters.all.values()].filter(({ spec }) => velocities.has(spec.name));
  const derivatives = gradients(
    graph,
    loss,
    trained.map(({ value }) => value),
  );
  const decay = scalar(graph, options.weightDecay);
  const momentum = scalar(graph, options.momentum);
  return trained.flatMap(({ spec, variable: target, value }, i) => {
    const derivative = derivatives[i];
    if (!derivative) return [];
    const gradient = binary(graph, 'AddV2', derivative, binary(graph, 'Mul', value, decay));
    return [applyMomentum(graph, { target, velocity: velocities.get(spec.name)!, gradient, rate, momentum })];
  });
}
