// The functions that score images with a trained network: one image a call, so that a score does not depend on who its
// neighbours in a batch were.
import type { ImageSize, NetworkConfig } from '../../../proto/gen/cpral/v1/resources.ts';
import { type Graph, newGraph, type Tensor } from '../graph/graph.ts';
import { placeholder, scalar } from '../graph/operations/constant.ts';
import { cast } from '../graph/operations/elementwise.ts';
import { matmul } from '../graph/operations/matmul.ts';
import { argMax, reduce } from '../graph/operations/reduction.ts';
import { concat, oneHot, reshape, zeros } from '../graph/operations/shape.ts';
import { addToVariable, afterNodes, assignVariable, readVariable, variable } from '../graph/operations/variable.ts';
import { writeSavedModel } from '../graph/saved-model.ts';
import { classify, refineFeatures } from './deeplab.ts';
import { dropoutFactors } from './dropout.ts';
import { encode } from './encoder.ts';
import { entropyOfCounts } from './entropy-of-counts.ts';
import { graphOperations } from './graph-operations.ts';
import { type Layers, scoringLayers } from './layers.ts';
import { predictLoss } from './loss-prediction.ts';
import { graphParameters, loadSignature } from './parameters.ts';
import { pixelUncertainty } from './pixel-uncertainty.ts';
import { scaleImages } from './scale-images.ts';
import { type Drop, stochasticDecoder } from './stochastic-decoder.ts';

export interface ScoringGraphOptions {
  readonly network: NetworkConfig;
  readonly classCount: number;
  readonly size: ImageSize;
  /** Stochastic passes that one call of votes computes. */
  readonly passesPerCall: number;
}

export interface ScoringGraph {
  /**
   * Signatures: classes (image) -> classes; prediction (image) -> classes, doubt [height * width], 1 minus the class's probability;
   * predicted_loss (image) -> predicted_loss; uncertainty (image) -> entropy, confidence,
   * margin [height * width]; embedding (image) -> embedding [1, dimensions]; features (image) -> features [1, rows, columns, channels]; load, with folded weights by name. And for
   * votes, which live in the session between the calls: begin (image); vote (seed, first_pass, counted [passes]), counting a
   * pass where counted is 1; votes () -> votes [height * width, classes]; favourites () ->
   * favourites [height * width], the class with most of them; entropy (passes) -> entropy [height * width].
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
  const features = encode(layers, scaleImages(layers, image, network), network);
  const refined = refineFeatures(layers, features, network);
  const logits = classify(layers, refined, decoderOptions); // [1, H, W, C]
  const classes = argMax(graph, logits); // [1, H, W]
  const uncertainty = pixelUncertainty(graph, reshape(graph, logits, [height * width, classCount]));
  const embedding = concat(graph, [pooled(graph, features.last), pooled(graph, refined)]); // [1, D]
  const predicted = predictLoss(layers, features.stages); // [1, 1]

  // What lies before the first dropout is kept from begin on; its memory and the counts' do not grow with the passes.
  const stochastic = stochasticDecoder(layers, features, decoderOptions);
  const kept = stochastic.before.map((x, i) => variable(graph, `votes/features${i}`, x.shape, x.dtype));
  const counts = variable(graph, 'votes/counts', [height * width, classCount]);
  const begun = afterNodes(graph, scalar(graph, 1), [
    ...stochastic.before.map((x, i) => assignVariable(graph, kept[i]!, x)),
    assignVariable(graph, counts, zeros(graph, counts.shape)),
  ]);
  const votesInputs = {
    seed: placeholder(graph, 'seed', [2], 'int32'),
    first_pass: placeholder(graph, 'first_pass', [1], 'int32'),
    counted: placeholder(graph, 'counted', [passesPerCall]),
  };
  const passLogits = stochastic.decode(
    kept.map((each) => readVariable(graph, each)),
    dropForPasses(layers, { inputs: votesInputs, passes: passesPerCall, rate: network.dropout }),
  );
  const votes = argMax(graph, passLogits); // [passes, H, W]
  const ballots = reshape(graph, oneHot(graph, votes, classCount), [passesPerCall, height * width * classCount]);
  const sum = matmul(graph, reshape(graph, votesInputs.counted, [1, passesPerCall]), ballots);
  const counted = addToVariable(graph, counts, reshape(graph, sum, counts.shape));

  const allPasses = placeholder(graph, 'passes', []);

  const savedModel = writeSavedModel(graph, {
    classes: { inputs: { image }, outputs: { classes } },
    prediction: { inputs: { image }, outputs: { classes, doubt: uncertainty.confidence } },
    predicted_loss: { inputs: { image }, outputs: { predicted_loss: predicted } },
    uncertainty: { inputs: { image }, outputs: { ...uncertainty } },
    embedding: { inputs: { image }, outputs: { embedding } },
    features: { inputs: { image }, outputs: { features: toFloat(graph, features.last) } },
    begin: { inputs: { image }, outputs: { done: begun } },
    vote: { inputs: votesInputs, outputs: { done: afterNodes(graph, scalar(graph, 1), [counted]) } },
    votes: { inputs: {}, outputs: { votes: readVariable(graph, counts) } },
    favourites: { inputs: {}, outputs: { favourites: argMax(graph, readVariable(graph, counts)) } },
    entropy: {
      inputs: { passes: allPasses },
      outputs: { entropy: entropyOfCounts(graph, readVariable(graph, counts), allPasses) },
    },
    load: loadSignature(
      graph,
      [...parameters.all.values()].map(({ variable }) => variable),
    ),
  });
  return { savedModel };
}

/** The mean over all positions: [1, channels] of [1, rows, columns, channels]. */
function pooled(graph: Graph, x: Tensor): Tensor {
  return reduce(graph, 'Mean', toFloat(graph, x), { axes: [1, 2] });
}

function toFloat(graph: Graph, x: Tensor): Tensor {
  return x.dtype === 'float32' ? x : cast(graph, x, 'float32');
}

/** The dropout of successive passes; each pass has its own numbers, whatever the number in a call. */
function dropForPasses(
  { operations }: Layers<Tensor>,
  work: {
    readonly inputs: Readonly<Record<'seed' | 'first_pass', Tensor>>;
    readonly passes: number;
    readonly rate: number;
  },
): Drop<Tensor> {
  const { inputs, passes, rate } = work;
  return (x, salt) => {
    const channels = x.shape[3]!;
    const factors = Array.from({ length: passes }, (_, i) => {
      const pass = operations.add(inputs.first_pass, operations.constant([i], [1], 'int32'));
      const seed = operations.add(inputs.seed, operations.multiply(pass, operations.constant([1, 0], [2], 'int32')));
      return operations.reshape(dropoutFactors(operations, { images: 1, channels, rate, seed, salt }), [channels]);
    });
    const stacked = operations.reshape(operations.concat(factors), [passes, 1, 1, channels]);
    return operations.multiply(x, operations.castLike(stacked, x));
  };
}
