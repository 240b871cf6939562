// The pixels of an image as the encoder takes them.
import { type NetworkConfig, Precision } from '../../../proto/gen/cpral/v1/resources.ts';
import { conventionOf } from './encoder-convention.ts';
import type { Layers } from './layers.ts';
import type { Shaped } from './operations.ts';

/**
 * @param images [batch, height, width, 3], bytes
 * @returns the same in the network's precision: the type that all features follow
 */
export function scaleImages<T extends Shaped>({ operations }: Layers<T>, images: T, network: NetworkConfig): T {
  const { mean, deviation } = conventionOf(network);
  const channels = (values: readonly number[]) => operations.constant(values, [3]);
  const unit = operations.multiply(operations.toFloat(images), operations.constant([1 / 255], []));
  const scaled = mean.some((value) => value !== 0)
    ? operations.divide(operations.subtract(unit, channels(mean)), channels(deviation))
    : unit;
  return network.precision === Precision.PRECISION_BFLOAT16 ? operations.toBfloat16(scaled) : scaled;
}
