// Spatial dropout (Tompson et al. 2015): whole channels of an image are set to 0, the others are scaled so that the mean stays.
//   y = x * keep / (1 - rate),  keep = 1 where u >= rate, u uniform in [0, 1), one per image and channel
import type { Operations, Shaped } from './operations.ts';

/** The places where a network may drop channels, each with its own random numbers. */
export const DROPOUT_SALTS = { lowLevel: 1, last: 2, classifier: 3 } as const;

/**
 * @param seed [2], int32
 * @returns the factors [images, 1, 1, channels] that x is multiplied by
 */
export function dropoutFactors<T extends Shaped>(
  operations: Operations<T>,
  options: { images: number; channels: number; rate: number; seed: T; salt: number },
): T {
  const { images, channels, rate, seed, salt } = options;
  const scalar = (value: number) => operations.constant([value], []);
  const salted = operations.add(seed, operations.constant([0, salt], [2], 'int32'));
  const uniform = operations.randomUniform([images, 1, 1, channels], salted);
  const keep = operations.subtract(scalar(1), operations.greater(scalar(rate), uniform));
  return operations.multiply(keep, scalar(1 / (1 - rate)));
}
