// The decoder with dropout, cut at the first place where channels are dropped: what lies before it is the same in every pass.
import { DropoutPlacement } from '../../../proto/gen/cpral/v1/resources.ts';
import { classify, type DecoderOptions, decode, refineFeatures } from './deeplab.ts';
import { DROPOUT_SALTS } from './dropout.ts';
import type { EncoderFeatures } from './encoder-features.ts';
import type { Layers } from './layers.ts';
import type { Shaped } from './operations.ts';

/** Features with channels dropped; a batch of one may become a batch of passes. */
export type Drop<T> = (x: T, salt: number) => T;

export interface StochasticDecoder<T> {
  /** Features that no dropout has touched. */
  readonly before: readonly T[];
  /** @returns logits [batch, height, width, classes] */
  decode(before: readonly T[], drop: Drop<T>): T;
}

export function stochasticDecoder<T extends Shaped>(
  layers: Layers<T>,
  features: EncoderFeatures<T>,
  options: DecoderOptions,
): StochasticDecoder<T> {
  if (options.config.dropoutPlacement === DropoutPlacement.DROPOUT_PLACEMENT_CLASSIFIER) {
    return {
      before: [refineFeatures(layers, features, options.config)],
      decode: ([x], drop) => classify(layers, drop(x!, DROPOUT_SALTS.classifier), options),
    };
  }
  return {
    before: [features.lowLevel, features.last],
    decode: ([lowLevel, last], drop) =>
      decode(
        layers,
        {
          ...features,
          lowLevel: drop(lowLevel!, DROPOUT_SALTS.lowLevel),
          last: drop(last!, DROPOUT_SALTS.last),
        },
        options,
      ),
  };
}
