// Times the network on one image of noise, with fresh weights: what an estimate is made of.
import type { ImageSize, NetworkConfig } from '../../../proto/gen/cpral/v1/resources.ts';
import { freshWeights } from '../../shared/model/fresh-weights.ts';
import { networkParameters } from '../../shared/model/network-parameters.ts';
import { openScoringSession } from '../../shared/model/scoring-session.ts';
import { seededRandom } from '../../shared/random.ts';
import type { ImageSeconds } from './estimate-seconds.ts';
import { fastestSeconds } from './fastest-seconds.ts';

/** Enough that what is done once an image does not count. */
const PASSES = 5;

export function timeOneImage(
  network: NetworkConfig,
  classCount: number,
  size: ImageSize,
): Omit<ImageSeconds, 'samplerStep'> {
  const session = openScoringSession({ network, classCount, size });
  try {
    session.load(freshWeights(networkParameters(network, classCount), 0), 'fresh weights');
    const random = seededRandom('time-one-image');
    const image = Uint8Array.from({ length: size.height * size.width * 3 }, () => 256 * random());
    const forward = fastestSeconds(() => session.classes(image));
    const vote = fastestSeconds(() => session.vote(image, { passes: PASSES, seed: [1, 2] }));
    return { forward, stochasticPass: Math.max(0, vote - forward) / PASSES };
  } finally {
    session[Symbol.dispose]();
  }
}
