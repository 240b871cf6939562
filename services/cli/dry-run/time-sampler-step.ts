// Times a step of VAAL's networks on noise: its autoencoder's steps and its discriminator's.
import { PanopticScore, type Strategy } from '../../../proto/gen/cpral/v1/resources.ts';
import type { Size } from '../../shared/images/images.ts';
import { freshWeights } from '../../shared/model/fresh-weights.ts';
import { seededRandom } from '../../shared/random.ts';
import { samplerConfig } from '../../shared/sampler/sampler-config.ts';
import { openSamplerSession } from '../../shared/sampler/sampler-session.ts';
import { thumbnailSize } from '../../shared/sampler/thumbnail-size.ts';
import { fastestSeconds } from './fastest-seconds.ts';
import { trainsSampler } from './plan-cycles.ts';

/** @param size of the campaign's images @returns seconds, 0 where a strategy has no sampler */
export function samplerStepOf(strategy: Strategy, size: Size): number {
  if (!trainsSampler(strategy)) return 0;
  return timeSamplerStep(strategy.panoptic === PanopticScore.PANOPTIC_SCORE_TA_VAAL, size);
}

function timeSamplerStep(ranked: boolean, size: Size): number {
  const config = { ...samplerConfig(ranked, 1), size: thumbnailSize(size) };
  const { height, width } = config.size;
  const session = openSamplerSession(config);
  try {
    session.setState(freshWeights(session.parameters, 0));
    const random = seededRandom('time-sampler-step');
    const images = Uint8Array.from({ length: 2 * config.batchSize * height * width * 3 }, () => 256 * random());
    const batch = { images, ranks: new Float32Array(2 * config.batchSize) };
    return fastestSeconds(() => {
      for (let i = 0; i < config.vaeSteps; i++) session.autoencoderStep(batch, { count: i + 1, seed: [1, 2] });
      session.discriminatorStep(batch, { count: 1 });
    });
  } finally {
    session[Symbol.dispose]();
  }
}
