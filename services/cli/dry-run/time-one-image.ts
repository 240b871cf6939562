// Times the network on one image of noise, with fresh weights: what an estimate is made of.
import type { ImageSize, NetworkConfig } from '../../../proto/gen/cpral/v1/resources.ts';
import { freshWeights } from '../../shared/model/fresh-weights.ts';
import { networkParameters } from '../../shared/model/network-parameters.ts';
import { openScoringSession } from '../../shared/model/scoring-session.ts';
import { seededRandom } from '../../shared/random.ts';
import type { ImageSeconds } from './estimate-seconds.ts';

/** The first call compiles; of the others the fastest was least disturbed. */
const CALLS = 3;
/** Enough that what is done once an image does not count. */
const PASSES = 5;

export function timeOneImage(network: NetworkConfig, classCount: number, size: ImageSize): ImageSeconds {
  const session = openScoringSession({ network, classCount, size });
  try {
    session.load(freshWeights(networkParameters(network, classCount), 0), 'fresh weights');
    const random = seededRandom('time-one-image');
    const image = Uint8Array.from({ length: size.height * size.width * 3 }, () => 256 * random());
    const forward = fastest(() => session.classes(image));
    const vote = fastest(() => session.vote(image, { passes: PASSES, seed: [1, 2] }));
    return { forward, stochasticPass: Math.max(0, vote - forward) / PASSES };
  } finally {
    session[Symbol.dispose]();
  }
}

function fastest(run: () => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  for (let call = 0; call < CALLS; call++) {
    const start = performance.now();
    run();
    if (call > 0) best = Math.min(best, performance.now() - start);
  }
  return best / 1000;
}
