import { describe, expect, it } from 'vitest';
import { gradients } from '../../../services/shared/graph/gradients/gradients.ts';
import { freshWeights } from '../../../services/shared/model/fresh-weights.ts';
import { graphOperations } from '../../../services/shared/model/graph-operations.ts';
import { trainingLayers } from '../../../services/shared/model/layers.ts';
import type { Operations, Shaped } from '../../../services/shared/model/operations.ts';
import { seededRandom } from '../../../services/shared/random.ts';
import { sampleLatent } from '../../../services/shared/sampler/autoencoder.ts';
import { buildSamplerGraph } from '../../../services/shared/sampler/sampler-graph.ts';
import {
  adversaryLoss,
  discriminatorLoss,
  divergenceLoss,
  reconstructionLoss,
  samplerLosses,
} from '../../../services/shared/sampler/sampler-loss.ts';
import { eagerOperations, tf } from '../../support/eager-operations.ts';
import { floats, runGraph } from '../../support/run-graph.ts';

type Build = Parameters<typeof runGraph>[1];
const lossOf = (inputs: Parameters<typeof runGraph>[0], build: Build) => runGraph(inputs, build)[0]!.data[0]!;
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

describe('the losses of VAAL, by hand', () => {
  it('divergence is the sum over the latent channels, the mean over images, labelled plus unlabelled', () => {
    const mean = floats([2, 2], [1, -2, 0, 3]);
    const logVariance = floats([2, 2], [0, Math.log(2), Math.log(0.5), 0]);
    // -1/2 (1 + v - mu^2 - exp(v)), channel by channel; each half is one image.
    const labelled = 0.5 + -0.5 * (1 + Math.log(2) - 4 - 2);
    const unlabelled = -0.5 * (1 + Math.log(0.5) - 0 - 0.5) + 4.5;
    const divergence = lossOf([mean, logVariance], (graph, [m, v]) => [
      divergenceLoss(graphOperations(graph), { mean: m!, logVariance: v! }),
    ]);
    expect(divergence).toBeCloseTo(labelled + unlabelled, 5);
  });

  it('divergence is 0 at the prior', () => {
    const zeros = floats([4, 3], new Float32Array(12));
    const divergence = lossOf([zeros, zeros], (graph, [m, v]) => [
      divergenceLoss(graphOperations(graph), { mean: m!, logVariance: v! }),
    ]);
    expect(divergence).toBe(0);
  });

  it('reconstruction is the mean square over pixels and channels, labelled plus unlabelled', () => {
    const x = floats([2, 1, 1, 3], [0, 0.5, 1, -1, 0, 1]);
    const decoded = floats([2, 1, 1, 3], [0, 0, 0, 0, 0, 0]);
    const loss = lossOf([decoded, x], (graph, [d, t]) => [reconstructionLoss(graphOperations(graph), d!, t!)]);
    expect(loss).toBeCloseTo((0.25 + 1) / 3 + (1 + 1) / 3, 6);
  });

  const logits = [2, -1, 0.5, -3];

  it('the adversary wants both halves to be taken for labelled', () => {
    const loss = lossOf([floats([4, 1], logits)], (graph, [l]) => [adversaryLoss(graphOperations(graph), l!)]);
    const terms = logits.map((logit) => -Math.log(sigmoid(logit)));
    expect(loss).toBeCloseTo((terms[0]! + terms[1]!) / 2 + (terms[2]! + terms[3]!) / 2, 5);
  });

  it('the discriminator wants 1 for labelled images and 0 for the others', () => {
    const loss = lossOf([floats([4, 1], logits)], (graph, [l]) => [discriminatorLoss(graphOperations(graph), l!)]);
    const labelled = (-Math.log(sigmoid(2)) - Math.log(sigmoid(-1))) / 2;
    const unlabelled = (-Math.log(1 - sigmoid(0.5)) - Math.log(1 - sigmoid(-3))) / 2;
    expect(loss).toBeCloseTo(labelled + unlabelled, 5);
  });

  it('stay finite where the discriminator is sure and wrong', () => {
    const sure = floats([2, 1], [-200, 200]);
    const [adversary, discriminator] = runGraph([sure], (graph, [l]) => [
      adversaryLoss(graphOperations(graph), l!),
      discriminatorLoss(graphOperations(graph), l!),
    ]);
    expect(adversary!.data[0]).toBeCloseTo(200, 3);
    expect(discriminator!.data[0]).toBeCloseTo(400, 3);
  });

  it('the latent is the mean plus standard deviations of noise', () => {
    const inputs = [floats([1, 2], [1, 2]), floats([1, 2], [0, Math.log(4)]), floats([1, 2], [0.5, -1])];
    const [z] = runGraph(inputs, (graph, [mean, logVariance, noise]) => [
      sampleLatent(graphOperations(graph), { mean: mean!, logVariance: logVariance! }, noise!),
    ]);
    expect(z!.data[0]).toBeCloseTo(1.5, 6);
    expect(z!.data[1]).toBeCloseTo(0, 6);
  });
});

const lengthOf = (values: ArrayLike<number>) =>
  Math.sqrt(Array.from(values).reduce((sum, value) => sum + value * value, 0));

/** ReLUs without their kinks: rounding moves no activation from one side to the other. */
function withoutKinks<T extends Shaped>(operations: Operations<T>): Operations<T> {
  return { ...operations, relu: (x) => operations.multiply(x, operations.constant([0.5], [])) };
}

describe('the networks as a graph', () => {
  it.each([false, true])('have the losses and all gradients of the eager ones; ranked: %s', (ranked) => {
    const size = { height: 16, width: 32 };
    const weighing = { latentChannels: 4, beta: 0.7, adversaryWeight: 1.3 };
    const { parameters } = buildSamplerGraph({ size, ranked, batchSize: 2, learningRate: 0, ...weighing });
    const weights = freshWeights(parameters, 3);
    const random = seededRandom('sampler', String(ranked));
    const shape = [4, size.height, size.width, 3];
    const images = Uint8Array.from({ length: 4 * size.height * size.width * 3 }, () => 256 * random());
    const ranks = Float32Array.from({ length: 4 }, random);
    const seed = Int32Array.of(5, 6);
    const trained = parameters.filter(({ trainable }) => trainable);

    const variables = new Map(
      parameters.map(({ name, shape, trainable }) => [
        name,
        tf.variable(tf.tensor(weights.get(name)!.data, [...shape]), trainable, name),
      ]),
    );
    let eagerLosses: number[] = [];
    const { grads } = tf.variableGrads(() => {
      const layers = trainingLayers(
        withoutKinks(eagerOperations),
        ({ name }): ReturnType<typeof tf.tensor> => variables.get(name)!,
        () => {},
      );
      const losses = samplerLosses(layers, {
        ...weighing,
        images: tf.tensor(images, shape, 'int32'),
        ranks: ranked ? tf.tensor(ranks, [4, 1]) : undefined,
        seed: tf.tensor1d(seed, 'int32'),
      });
      eagerLosses = [losses.total, losses.discriminator].map((loss) => loss.dataSync()[0]!);
      return losses.total.add(losses.discriminator).asScalar();
    });
    const expected = trained.map(({ name }) => grads[name]!.dataSync());
    tf.disposeVariables();

    const inputs = [
      { shape, data: images },
      { shape: [4, 1], data: ranks },
      { shape: [2], data: seed },
      ...parameters.map(({ name }) => weights.get(name)!),
    ];
    const [total, discriminator, ...derivatives] = runGraph(inputs, (graph, [bytes, rows, pair, ...values]) => {
      const byName = new Map(parameters.map(({ name }, i) => [name, values[i]!]));
      const operations = withoutKinks(graphOperations(graph));
      const layers = trainingLayers(
        operations,
        ({ name }) => byName.get(name)!,
        () => {},
      );
      const losses = samplerLosses(layers, {
        ...weighing,
        images: bytes!,
        ranks: ranked ? rows : undefined,
        seed: pair!,
      });
      const sum = operations.add(losses.total, losses.discriminator);
      const targets = trained.map(({ name }) => byName.get(name)!);
      return [losses.total, losses.discriminator, ...gradients(graph, sum, targets).map((value) => value!)];
    });

    expect(total!.data[0]).toBeCloseTo(eagerLosses[0]!, 4);
    expect(discriminator!.data[0]).toBeCloseTo(eagerLosses[1]!, 4);
    const differences = trained.map(({ name }, i) => {
      const off = Array.from(derivatives[i]!.data, (value, e) => value - expected[i]![e]!);
      return { name, difference: lengthOf(off) / (lengthOf(expected[i]!) + 1e-2) };
    });
    expect(differences.filter(({ difference }) => !(difference < 1e-3))).toEqual([]);
  });
});
