// The discriminator of VAAL: a perceptron 512-512-1 that tells labelled images from unlabelled ones by their place in the latent
// space; TA-VAAL's also sees the rank. What comes out is a logit: D = sigmoid(logit), and a large one says "labelled".
import type { Layers } from '../model/layers.ts';
import type { Shaped } from '../model/operations.ts';

const HIDDEN_CHANNELS = 512;
export const DISCRIMINATOR = 'discriminator';

/**
 * @param mean mu, [batch, latent]
 * @param ranks r, [batch, 1]; absent for VAAL
 * @returns [batch, 1]
 */
export function discriminate<T extends Shaped>({ operations, linear }: Layers<T>, mean: T, ranks: T | undefined): T {
  const seen = ranks ? operations.concat([mean, ranks]) : mean;
  const first = operations.relu(linear(seen, `${DISCRIMINATOR}/hidden1`, HIDDEN_CHANNELS));
  const second = operations.relu(linear(first, `${DISCRIMINATOR}/hidden2`, HIDDEN_CHANNELS));
  return linear(second, `${DISCRIMINATOR}/output`, 1);
}
