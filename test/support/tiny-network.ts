// A network that is small enough to be run eagerly, and images with labels for it.
import {
  DropoutPlacement,
  EncoderConvention,
  type NetworkConfig,
  Precision,
} from '../../proto/gen/cpral/v1/resources.ts';
import { seededRandom } from '../../services/shared/random.ts';

export const TINY_NETWORK: NetworkConfig = {
  encoder: 'mobilenetv2',
  widthMultiplier: 0.25,
  asppChannels: 8,
  decoderChannels: 8,
  decoderSeparable: false,
  dropout: 0.25,
  precision: Precision.PRECISION_FLOAT32,
  dropoutPlacement: DropoutPlacement.DROPOUT_PLACEMENT_ENCODER,
  encoderConvention: EncoderConvention.ENCODER_CONVENTION_UNSPECIFIED,
};

/** DRN-D with an eighth of its channels. */
export const TINY_DRN: NetworkConfig = { ...TINY_NETWORK, encoder: 'drn-d-22', widthMultiplier: 0.125 };

export const TINY_SIZE = { height: 64, width: 96 };
export const TINY_CLASSES = 5;

/** Noise over a few flat areas, so that there is something to tell apart. */
export function tinyImage(...seed: (string | number)[]): Uint8Array {
  const random = seededRandom('tiny-image', ...seed);
  const { height, width } = TINY_SIZE;
  return Uint8Array.from({ length: height * width * 3 }, (_, i) => 80 * (Math.floor(i / 9_000) % 3) + 60 * random());
}

/** Class ids in bands; a share of the pixels is unlabelled. */
export function tinyLabels(unlabelledShare: number, ...seed: (string | number)[]): Uint8Array {
  const random = seededRandom('tiny-labels', ...seed);
  const { height, width } = TINY_SIZE;
  return Uint8Array.from({ length: height * width }, (_, i) =>
    random() < unlabelledShare ? 255 : Math.floor(i / 700) % TINY_CLASSES,
  );
}
