// VAAL's verdict on one image: what the trained discriminator makes of the mean that the trained encoder gives it, with batch norms
// folded, so that it depends on no other image.
import { newGraph } from '../graph/graph.ts';
import { placeholder } from '../graph/operations/constant.ts';
import { writeSavedModel } from '../graph/saved-model.ts';
import { foldBatchNorm } from '../model/fold-batch-norm.ts';
import { graphOperations } from '../model/graph-operations.ts';
import { scoringLayers } from '../model/layers.ts';
import { graphParameters, loadSignature } from '../model/parameters.ts';
import type { Weights } from '../model/weights.ts';
import { loadModel } from '../tensorflow/tensorflow.ts';
import { centreImages, ENCODER, encodeMean } from './autoencoder.ts';
import { DISCRIMINATOR, discriminate } from './discriminator.ts';
import type { SamplerShape } from './sampler-graph.ts';

const PARTS = [ENCODER, DISCRIMINATOR];

export interface Judge {
  /** @param image [height, width, 3] @returns the logit of "labelled" */
  logit(image: Uint8Array, rank: number): number;
  [Symbol.dispose](): void;
}

/** @param weights of a training's state; it takes what it needs */
export function openJudge({ size, latentChannels, ranked }: SamplerShape, weights: Weights): Judge {
  const graph = newGraph();
  const ranks = ranked ? { rank: placeholder(graph, 'rank', [1, 1]) } : undefined;
  const image = placeholder(graph, 'image', [1, size.height, size.width, 3], 'uint8');
  const parameters = graphParameters(graph);
  const layers = scoringLayers(graphOperations(graph), parameters.source);
  const mean = encodeMean(layers, centreImages(layers.operations, image), latentChannels);
  const logit = discriminate(layers, mean, ranks?.rank);
  const needed = [...parameters.all.values()].map(({ variable }) => variable);
  const model = loadModel(
    writeSavedModel(graph, {
      logit: { inputs: { image, ...ranks }, outputs: { logit } },
      load: loadSignature(graph, needed),
    }),
  );
  const judging = [...weights].filter(([name]) => PARTS.some((part) => name.startsWith(`${part}/`)));
  const folded = foldBatchNorm(new Map(judging));
  model.run('load', Object.fromEntries(needed.map(({ name }) => [name, folded.get(name)!])));
  return {
    logit(data, rank) {
      const inputs = {
        image: { shape: [1, size.height, size.width, 3], data },
        ...(ranked ? { rank: { shape: [1, 1], data: Float32Array.of(rank) } } : {}),
      };
      return model.run('logit', inputs).logit!.data[0]!;
    },
    [Symbol.dispose]: () => model[Symbol.dispose](),
  };
}
