// A step of VAAL's autoencoder and one of its discriminator as functions of a graph: losses, gradients, Adam, running statistics.
// Both see one batch of labelled and unlabelled images. Unlike the published code, which runs the network on each of them: a
// batch norm over labelled images alone would take away what they have in common, and that is what is to be told.
import { gradients } from '../graph/gradients/gradients.ts';
import { type Graph, type GraphNode, newGraph, type Tensor } from '../graph/graph.ts';
import { placeholder, scalar } from '../graph/operations/constant.ts';
import { type AdamSlots, afterNodes, applyAdam, assignVariable, variable } from '../graph/operations/variable.ts';
import { writeSavedModel } from '../graph/saved-model.ts';
import type { Size } from '../images/images.ts';
import { graphOperations } from '../model/graph-operations.ts';
import { type ParameterSpec, type StatisticUpdate, trainingLayers } from '../model/layers.ts';
import { type GraphParameter, graphParameters, loadSignature, saveSignature } from '../model/parameters.ts';
import { AUTOENCODER } from './autoencoder.ts';
import { DISCRIMINATOR } from './discriminator.ts';
import { samplerLosses } from './sampler-loss.ts';

export interface SamplerShape {
  readonly size: Size;
  readonly latentChannels: number;
  /** Whether decoder and discriminator see ranks (TA-VAAL). */
  readonly ranked: boolean;
}

export interface SamplerGraphOptions extends SamplerShape {
  /** Labelled images of a step, and unlabelled ones. */
  readonly batchSize: number;
  readonly beta: number;
  readonly adversaryWeight: number;
  readonly learningRate: number;
}

export interface SamplerGraph {
  /**
   * Signatures: autoencoder_step and discriminator_step (images, seed, power1, power2, and ranks where there are any) -> their
   * losses; load and save, with the parameters and Adam's slots by name.
   */
  readonly savedModel: Uint8Array;
  readonly parameters: readonly ParameterSpec[];
}

/** Adam's slots are named after their parameters. */
export const FIRST_PREFIX = 'adam_first/';
export const SECOND_PREFIX = 'adam_second/';

export function buildSamplerGraph(options: SamplerGraphOptions): SamplerGraph {
  const { batchSize, size, ranked } = options;
  const graph = newGraph();
  const batch = 2 * batchSize;
  const ranks = ranked ? { ranks: placeholder(graph, 'ranks', [batch, 1]) } : undefined;
  const inputs = {
    images: placeholder(graph, 'images', [batch, size.height, size.width, 3], 'uint8'),
    seed: placeholder(graph, 'seed', [2], 'int32'),
    power1: placeholder(graph, 'power1', []),
    power2: placeholder(graph, 'power2', []),
    ...ranks,
  };
  const parameters = graphParameters(graph);
  const statistics: StatisticUpdate<Tensor>[] = [];
  const layers = trainingLayers(graphOperations(graph), parameters.source, (update) => statistics.push(update));
  const losses = samplerLosses(layers, { ...options, ...inputs, ranks: ranks?.ranks });

  const all = [...parameters.all.values()];
  const slots = new Map(all.filter(({ spec }) => spec.trainable).map(({ spec }) => [spec.name, slotsOf(graph, spec)]));
  const optimize = (network: string, loss: Tensor): GraphNode[] => {
    const trained = all.filter(({ spec }) => slots.has(spec.name) && spec.name.startsWith(`${network}/`));
    return descend(graph, { trained, slots, loss, learningRate: options.learningRate, ...inputs });
  };
  const autoencoderUpdates = [
    ...optimize(AUTOENCODER, losses.total),
    ...statistics.map(({ name, value }) => assignVariable(graph, parameters.all.get(name)!.variable, value)),
  ];
  const discriminatorUpdates = optimize(DISCRIMINATOR, losses.discriminator);
  const variables = [
    ...all.map((parameter) => parameter.variable),
    ...[...slots.values()].flatMap(({ first, second }) => [first, second]),
  ];
  const { reconstruction, divergence, adversary, discriminator } = losses;
  const savedModel = writeSavedModel(graph, {
    autoencoder_step: {
      inputs,
      outputs: { reconstruction: afterNodes(graph, reconstruction, autoencoderUpdates), divergence, adversary },
    },
    discriminator_step: { inputs, outputs: { discriminator: afterNodes(graph, discriminator, discriminatorUpdates) } },
    load: loadSignature(graph, variables),
    save: saveSignature(graph, variables),
  });
  return { savedModel, parameters: all.map(({ spec }) => spec) };
}

function slotsOf(graph: Graph, { name, shape }: ParameterSpec): AdamSlots {
  return {
    first: variable(graph, FIRST_PREFIX + name, shape),
    second: variable(graph, SECOND_PREFIX + name, shape),
  };
}

function descend(
  graph: Graph,
  work: {
    readonly trained: readonly GraphParameter[];
    readonly slots: ReadonlyMap<string, AdamSlots>;
    readonly loss: Tensor;
    readonly learningRate: number;
    readonly power1: Tensor;
    readonly power2: Tensor;
  },
): GraphNode[] {
  const { trained, slots, loss, learningRate, power1, power2 } = work;
  const derivatives = gradients(
    graph,
    loss,
    trained.map(({ value }) => value),
  );
  const rate = scalar(graph, learningRate);
  return trained.map(({ spec, variable: target }, i): GraphNode => {
    const gradient = derivatives[i]!;
    return applyAdam(graph, { target, slots: slots.get(spec.name)!, gradient, rate, power1, power2 });
  });
}
