// An encoder turns images into features. Another encoder is one more file and one more line in the table.
import type { NetworkConfig } from '../../../proto/gen/cpral/v1/resources.ts';
import { invalid } from '../errors.ts';
import type { Layers } from './layers.ts';
import { encodeMobileNetV2 } from './mobilenet-v2.ts';
import type { Shaped } from './operations.ts';

export interface EncoderFeatures<T> {
  /** For the decoder, at a quarter of the image's size. */
  readonly lowLevel: T;
  /** The ends of six stages, for the loss-prediction head. */
  readonly stages: readonly T[];
  /** For ASPP. */
  readonly last: T;
  /** Dilations of ASPP's three 3x3 convolutions at this encoder's output stride. */
  readonly asppRates: readonly [number, number, number];
  /** Channels that the decoder reduces the low-level features to. */
  readonly lowLevelChannels: number;
}

type Encoder = <T extends Shaped>(layers: Layers<T>, x: T, widthMultiplier: number) => EncoderFeatures<T>;

const encoders: Readonly<Record<string, Encoder>> = { mobilenetv2: encodeMobileNetV2 };

/** @param x [batch, height, width, 3], in [0, 1] */
export function encode<T extends Shaped>(layers: Layers<T>, x: T, config: NetworkConfig): EncoderFeatures<T> {
  const encoder = Object.hasOwn(encoders, config.encoder) ? encoders[config.encoder] : undefined;
  if (!encoder) {
    const known = Object.keys(encoders).join(', ');
    throw invalid(`network.encoder: expected one of ${known}, got "${config.encoder}"`, { field: 'network.encoder' });
  }
  return encoder(layers, x, config.widthMultiplier);
}
