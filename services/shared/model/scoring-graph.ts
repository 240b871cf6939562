// The functions that score images with a trained network: one image a call, so that a score does not depend on who its
// neighbours in a batch were.
import type { ImageSize, NetworkConfig } from '../../../proto/gen/cpral/v1/resources.ts';
import { newGraph, type Tensor } from '../graph/graph.ts';
import { placeholder } from '../graph/operations/constant.ts';
import { argMax } from '../graph/operations/reduction.ts';
import { writeSavedModel } from '../graph/saved-model.ts';
import { decode } from './deeplab.ts';
import { DROPOUT_SALTS, dropoutFactors } from './dropout.ts';
import { encode } from './encoder.ts';
import { graphOperations } from './graph-operations.ts';
import { type Layers, scoringLayers } from './layers.ts';
import { predictLoss } from './loss-prediction.ts';
import { graphParameters, loadSignature } from './parameters.ts';
import { scaleImages } from './training-loss.ts';

export interface ScoringGraphOptions {
  readonly network: NetworkConfig;
  readonly classCount: number;
  readonly size: ImageSize;
  /** Stochastic passes that one call of votes computes. */
  readonly passesPerCall: number;
}

export interface ScoringGraph {
  /**
   * Signatures: classes (image) -> classes; predicted_loss (image) -> predicted_loss; features (image) -> low_level, last;
   * votes (low_level, last, seed, first_pass) -> classes [passes, height, width]; load, with folded weights by name.
   */
  readonly savedModel: Uint8Array;
}

export function buildScoringGraph({ network, classCount, size, passesPerCall }: ScoringGraphOptions): ScoringGraph {
  const { height, width } = size;
  const graph = newGraph();
  const parameters = graphParameters(graph);
  const layers = scoringLayers(graphOperations(graph), parameters.source);
  const decoderOptions = { config: network, classCount, height, width };

  const image = placeholder(graph, 'image', [1, height, width, 3], 'uint8');
  const features = encode(layers, scaleImages(layers, image), network);
  const classes = argMax(graph, decode(layers, features, decoderOptions)); // [1, H, W]
  const predicted = predictLoss(layers, features.stages); // [1, 1]

  const votesInputs = {
    low_level: placeholder(graph, 'low_level', features.lowLevel.shape),
    last: placeholder(graph, 'last', features.last.shape),
    seed: placeholder(graph, 'seed', [2], 'int32'),
    first_pass: placeholder(graph, 'first_pass', [1], 'int32'),
  };
  const dropped = {
    ...features,
    ...dropForPasses(layers, { inputs: votesInputs, passes: passesPerCall, rate: network.dropout }),
  };
  const votes = argMax(graph, decode(layers, dropped, decoderOptions)); // [passes, H, W]

  const savedModel = writeSavedModel(graph, {
    classes: { inputs: { image }, outputs: { classes } },
    predicted_loss: { inputs: { image }, outputs: { predicted_loss: predicted } },
    features: { inputs: { image }, outputs: { low_level: features.lowLevel, last: features.last } },
    votes: { inputs: votesInputs, outputs: { classes: votes } },
    load: loadSignature(
      graph,
      [...parameters.all.values()].map(({ variable }) => variable),
    ),
  });
  return { savedModel };
}

/** Features with the dropout of successive passes; each pass has its own numbers, whatever the number in a call. */
function dropForPasses(
  { operations }: Layers<Tensor>,
  work: {
    readonly inputs: Readonly<Record<'low_level' | 'last' | 'seed' | 'first_pass', Tensor>>;
    readonly passes: number;
    readonly rate: number;
  },
): { lowLevel: Tensor; last: Tensor } {
  const { inputs, passes, rate } = work;
  const drop = (x: Tensor, salt: number) => {
    const channels = x.shape[3]!;
    const factors = Array.from({ length: passes }, (_, i) => {
      const pass = operations.add(inputs.first_pass, operations.constant([i], [1], 'int32'));
      const seed = operations.add(inputs.seed, operations.multiply(pass, operations.constant([1, 0], [2], 'int32')));
      return operations.reshape(dropoutFactors(operations, { images: 1, channels, rate, seed, salt }), [channels]);
    });
    const stacked = operations.reshape(operations.concat(factors), [passes, 1, 1, channels]);
    return operations.multiply(x, stacked);
  };
  return { lowLevel: drop(inputs.low_level, DROPOUT_SALTS.lowLevel), last: drop(inputs.last, DROPOUT_SALTS.last) };
}
