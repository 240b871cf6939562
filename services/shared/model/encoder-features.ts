// What an encoder is: from images to features, for the decoder and the loss-prediction head.
import type { Padding } from '../graph/operations/convolution.ts';
import type { Layers } from './layers.ts';
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

export interface EncoderOptions {
  readonly widthMultiplier: number;
  /** Of convolutions with a stride. */
  readonly padding: Padding;
}

/** @param x [batch, height, width, 3], scaled by the encoder's convention */
export type Encode = <T extends Shaped>(layers: Layers<T>, x: T, options: EncoderOptions) => EncoderFeatures<T>;
