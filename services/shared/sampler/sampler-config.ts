// How VAAL's networks are trained: the published values (Sinha et al. 2019, Kim et al. 2021), whatever the dataset.
import type { SamplerConfig } from '../../../proto/gen/cpral/v1/panoptic_scorer.ts';

const PUBLISHED = { latentChannels: 32, beta: 1, adversaryWeight: 1, learningRate: 5e-4 };
/** Unlike the published code, which takes the task's: its few images are too few for a batch norm over whole ones. */
const BATCH_SIZE = 16;

/**
 * @param ranked whether the sampler sees ranks: TA-VAAL
 * @param taskSteps of the cycle's training: in each of them 2 steps of the autoencoder (TA-VAAL: 1) and one of the discriminator
 */
export function samplerConfig(ranked: boolean, taskSteps: number): SamplerConfig {
  return { ...PUBLISHED, batchSize: BATCH_SIZE, steps: taskSteps, vaeSteps: ranked ? 1 : 2, ranked };
}
