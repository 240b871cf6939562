// What a training of VAAL's networks asks for, checked.
import type { SamplerConfig, ThumbnailBlock, TrainSamplerSpec } from '../../proto/gen/cpral/v1/panoptic_scorer.ts';
import { checkNumber, checkWhole } from '../shared/check-spec.ts';
import { invalid } from '../shared/errors.ts';

const MAX_STEPS = 10_000_000;
const MAX_AUTOENCODER_STEPS = 100;
const MAX_BATCH = 1024;
const MAX_LATENT_CHANNELS = 1024;
const MAX_WEIGHT = 1_000;
/** Of all blocks together: their order is shuffled in memory before a single block is read. */
const MAX_IMAGES = 10_000_000;

export interface SamplerPlan {
  readonly config: SamplerConfig;
  readonly seed: number;
  readonly count: number;
  readonly candidates: readonly ThumbnailBlock[];
  readonly labelled: readonly ThumbnailBlock[];
  readonly unlabelled: readonly ThumbnailBlock[];
}

/** @throws INVALID_ARGUMENT naming the field */
export function planSampler(spec: TrainSamplerSpec | undefined): SamplerPlan {
  const config = spec?.config;
  if (!spec || !config) throw invalid('config: expected a configuration, got none', { field: 'config' });
  checkWhole('config.steps', config.steps, 1, MAX_STEPS);
  checkWhole('config.vae_steps', config.vaeSteps, 1, MAX_AUTOENCODER_STEPS);
  checkWhole('config.batch_size', config.batchSize, 1, MAX_BATCH);
  checkWhole('config.latent_channels', config.latentChannels, 1, MAX_LATENT_CHANNELS);
  checkNumber('config.beta', config.beta, 0, MAX_WEIGHT);
  checkNumber('config.adversary_weight', config.adversaryWeight, 0, MAX_WEIGHT);
  checkNumber('config.learning_rate', config.learningRate, 0, MAX_WEIGHT);
  let images = 0;
  for (const [i, { imageCount }] of spec.blocks.entries()) {
    images += checkWhole(`blocks[${i}].image_count`, imageCount, 1, MAX_IMAGES - images);
  }
  const candidates = some(spec.blocks, 'images that may be picked', (block) => block.candidates);
  const labelled = some(spec.blocks, 'labelled images', (block) => block.labelled);
  const unlabelled = spec.blocks.filter((block) => !block.labelled);
  return {
    config,
    seed: spec.seed,
    count: checkWhole('count', spec.count, 1, Number.MAX_SAFE_INTEGER),
    candidates,
    labelled,
    // Regions touch more and more images: once they have touched all, what may be picked stands for what is unlabelled.
    unlabelled: unlabelled.length > 0 ? unlabelled : candidates,
  };
}

function some(
  blocks: readonly ThumbnailBlock[],
  what: string,
  which: (block: ThumbnailBlock) => boolean,
): ThumbnailBlock[] {
  const found = blocks.filter(which);
  if (found.length === 0) throw invalid(`blocks: expected ${what}, got none`, { field: 'blocks' });
  return found;
}
