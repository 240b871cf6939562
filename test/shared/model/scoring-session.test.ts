import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DropoutPlacement, type NetworkConfig, Precision } from '../../../proto/gen/cpral/v1/resources.ts';
import { decode } from '../../../services/shared/model/deeplab.ts';
import { dropoutFactors } from '../../../services/shared/model/dropout.ts';
import { encode } from '../../../services/shared/model/encoder.ts';
import { freshWeights } from '../../../services/shared/model/fresh-weights.ts';
import { BATCH_NORM_EPSILON, makeLayers } from '../../../services/shared/model/layers.ts';
import { predictLoss } from '../../../services/shared/model/loss-prediction.ts';
import { networkParameters } from '../../../services/shared/model/network-parameters.ts';
import { scaleImages } from '../../../services/shared/model/scale-images.ts';
import { openScoringSession, type ScoringSession } from '../../../services/shared/model/scoring-session.ts';
import { stochasticDecoder } from '../../../services/shared/model/stochastic-decoder.ts';
import type { Weights } from '../../../services/shared/model/weights.ts';
import { seededRandom } from '../../../services/shared/random.ts';
import { eagerOperations, tf } from '../../support/eager-operations.ts';
import { TINY_CLASSES, TINY_DRN, TINY_NETWORK, TINY_SIZE, tinyImage } from '../../support/tiny-network.ts';
import { votesOfPasses } from '../../support/votes-of-passes.ts';

const pixels = TINY_SIZE.height * TINY_SIZE.width;
const shape = { network: TINY_NETWORK, classCount: TINY_CLASSES, size: TINY_SIZE };
/** Fresh weights whose batch norms have something to normalise. */
function weightsOf(network: NetworkConfig): Weights {
  const random = seededRandom('statistics');
  return new Map(
    [...freshWeights(networkParameters(network, TINY_CLASSES), 5)].map(([name, tensor]) => [
      name,
      /\/(beta|mean)$/.test(name)
        ? { ...tensor, data: tensor.data.map(() => 0.4 * random() - 0.2) }
        : /\/(gamma|variance)$/.test(name)
          ? { ...tensor, data: tensor.data.map(() => 0.5 + random()) }
          : tensor,
    ]),
  );
}
const weights = weightsOf(TINY_NETWORK);

let session: ScoringSession;
beforeAll(() => {
  session = openScoringSession(shape);
  session.load(weights, 'weights');
});
afterAll(() => session[Symbol.dispose]());

/** The network with its batch norms as they are, run eagerly. */
function encodeEagerly(network: NetworkConfig, image: Uint8Array) {
  const weights = weightsOf(network);
  const value = (name: string) => tf.tensor(weights.get(name)!.data, [...weights.get(name)!.shape]);
  const layers = makeLayers(
    eagerOperations,
    ({ name }) => value(name),
    (x, name) => {
      const deviation = value(`${name}/variance`).add(BATCH_NORM_EPSILON).sqrt();
      return x
        .sub(value(`${name}/mean`))
        .div(deviation)
        .mul(value(`${name}/gamma`))
        .add(value(`${name}/beta`));
    },
  );
  const { height, width } = TINY_SIZE;
  const images = tf.tensor(image, [1, height, width, 3], 'int32');
  return { layers, features: encode(layers, scaleImages(layers, images, network), network) };
}

function scoreEagerly(config: NetworkConfig, image: Uint8Array) {
  return tf.tidy(() => {
    const { layers, features } = encodeEagerly(config, image);
    const logits = decode(layers, features, { config, classCount: TINY_CLASSES, ...TINY_SIZE });
    return {
      classes: Uint8Array.from(logits.argMax(-1).dataSync()),
      predictedLoss: predictLoss(layers, features.stages).dataSync()[0]!,
    };
  });
}

/** The classes of one stochastic pass. */
function voteEagerly(config: NetworkConfig, image: Uint8Array, seed: readonly [number, number]): Uint8Array {
  return tf.tidy(() => {
    const { layers, features } = encodeEagerly(config, image);
    const { before, decode } = stochasticDecoder(layers, features, { config, classCount: TINY_CLASSES, ...TINY_SIZE });
    const logits = decode(before, (x, salt) => {
      const of = {
        images: 1,
        channels: x.shape[3]!,
        rate: config.dropout,
        seed: tf.tensor1d([...seed], 'int32'),
        salt,
      };
      return x.mul(dropoutFactors(eagerOperations, of));
    });
    return Uint8Array.from(logits.argMax(-1).dataSync());
  });
}

/** Without any dropout. */
function plainClasses(network: NetworkConfig, image: Uint8Array): Uint8Array {
  const plain = openScoringSession({ ...shape, network: { ...network, dropout: 0 } });
  try {
    plain.load(weightsOf(network), 'weights');
    return plain.classes(image);
  } finally {
    plain[Symbol.dispose]();
  }
}

function votesOf(image: Uint8Array, passes: number, seed: readonly [number, number]): Uint8Array[] {
  return votesOfPasses(session, image, { passes, seed, classCount: TINY_CLASSES });
}

describe('a scoring session', () => {
  it.each([
    ['MobileNetV2', TINY_NETWORK],
    ['DRN-D', TINY_DRN],
    ['DRN-D with bottlenecks', { ...TINY_DRN, encoder: 'drn-d-54' }],
  ])('scores as the eager network does with its batch norms unfolded: %s', (_, network) => {
    const image = tinyImage('score');
    const eager = scoreEagerly(network, image);
    const scoring = openScoringSession({ ...shape, network });
    try {
      scoring.load(weightsOf(network), 'weights');
      const classes = scoring.classes(image);
      expect(new Set(classes).size).toBeGreaterThan(1);
      const agreeing = classes.filter((id, i) => id === eager.classes[i]).length;
      expect(agreeing / pixels).toBeGreaterThan(0.999);
      expect(Math.abs(scoring.predictedLoss(image) / eager.predictedLoss - 1)).toBeLessThan(1e-3);
    } finally {
      scoring[Symbol.dispose]();
    }
  });

  it('gives an image its score whatever was scored before', () => {
    const [one, other] = [tinyImage('one'), tinyImage('other')];
    const alone = session.predictedLoss(one);
    expect(session.predictedLoss(other)).not.toBe(alone);
    expect(session.predictedLoss(one)).toBe(alone);
  });

  it('votes the same for the same seed, and otherwise for another', () => {
    const image = tinyImage('vote');
    expect(votesOf(image, 3, [1, 2])).toEqual(votesOf(image, 3, [1, 2]));
    expect(votesOf(image, 3, [1, 2])).not.toEqual(votesOf(image, 3, [1, 3]));
  });

  it('gives each pass its own dropout, whatever the number of passes', () => {
    const image = tinyImage('passes');
    const seven = votesOf(image, 7, [1, 2]);
    expect(seven).toHaveLength(7);
    expect(new Set(seven.map((classes) => classes.join(''))).size).toBe(7);
    expect(votesOf(image, 3, [1, 2])).toEqual(seven.slice(0, 3));
  });

  it('votes with one voice where nothing is dropped', () => {
    const without = openScoringSession({ ...shape, network: { ...TINY_NETWORK, dropout: 0 } });
    try {
      without.load(weights, 'weights');
      const image = tinyImage('certain');
      const expected = without.classes(image);
      const votes = votesOfPasses(without, image, { passes: 2, seed: [1, 2], classCount: TINY_CLASSES });
      expect(votes).toEqual([expected, expected]);
    } finally {
      without[Symbol.dispose]();
    }
  });

  it.each([
    ['encoder', TINY_NETWORK],
    ['classifier', { ...TINY_NETWORK, dropoutPlacement: DropoutPlacement.DROPOUT_PLACEMENT_CLASSIFIER }],
    ['encoder, a DRN-D', TINY_DRN],
  ])('votes as the eager network with its channels dropped at the %s', (_, network) => {
    const placed = openScoringSession({ ...shape, network });
    try {
      placed.load(weightsOf(network), 'weights');
      const image = tinyImage('passes');
      expect(placed.classes(image)).toEqual(plainClasses(network, image));
      const votes = votesOfPasses(placed, image, { passes: 3, seed: [1, 2], classCount: TINY_CLASSES });
      for (const [pass, classes] of votes.entries()) {
        const eager = voteEagerly(network, image, [1 + pass, 2]);
        expect(classes.filter((id, i) => id === eager[i]).length / pixels).toBeGreaterThan(0.999);
      }
    } finally {
      placed[Symbol.dispose]();
    }
  });

  it('counts every pass once a pixel, in as many calls as it takes', () => {
    const counts = session.vote(tinyImage('count'), { passes: 13, seed: [1, 2] }).counts();
    expect(counts).toHaveLength(pixels * TINY_CLASSES);
    for (let pixel = 0; pixel < pixels; pixel++) {
      const votes = counts.subarray(pixel * TINY_CLASSES, (pixel + 1) * TINY_CLASSES);
      expect(votes.reduce((sum, count) => sum + count, 0)).toBe(13);
    }
  });

  it('scores in bfloat16 nearly as in float32', () => {
    const network = { ...TINY_NETWORK, precision: Precision.PRECISION_BFLOAT16 };
    const short = openScoringSession({ ...shape, network });
    try {
      short.load(weights, 'weights');
      const image = tinyImage('score');
      const exact = session.classes(image);
      const agreeing = short.classes(image).filter((id, i) => id === exact[i]).length;
      expect(agreeing / pixels).toBeGreaterThan(0.95);
      expect(agreeing / pixels).toBeLessThan(1);
      expect(short.vote(image, { passes: 2, seed: [1, 2] }).counts()).toHaveLength(pixels * TINY_CLASSES);
    } finally {
      short[Symbol.dispose]();
    }
  });

  it('refuses weights of another network', () => {
    expect(() => session.load(new Map([...weights].slice(1)), 'model.weights')).toThrow(
      /^model.weights: expected the tensor/,
    );
  });
});
