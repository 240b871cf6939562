// What weights expect beside the layers: how pixels are scaled, and where a convolution with a stride has its zeros. Pixels are
// scaled before the first convolution and not by its weights: its zeros at the border stand for what is 0 after the scaling.
//
//   x = (pixel / 255 - mean) / deviation
import { EncoderConvention, type NetworkConfig } from '../../../proto/gen/cpral/v1/resources.ts';
import type { Padding } from '../graph/operations/convolution.ts';

export interface Convention {
  /** Of red, green and blue, as are the deviations. */
  readonly mean: readonly [number, number, number];
  readonly deviation: readonly [number, number, number];
  readonly padding: Padding;
}

const ZERO_TO_ONE: Convention = { mean: [0, 0, 0], deviation: [1, 1, 1], padding: 'same' };
const KERAS: Convention = { mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5], padding: 'same' };
/** The statistics of ImageNet, with which torchvision's and DRN's weights were trained. */
const PYTORCH: Convention = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225], padding: 'symmetric' };

const { ENCODER_CONVENTION_UNSPECIFIED, ENCODER_CONVENTION_KERAS, ENCODER_CONVENTION_PYTORCH } = EncoderConvention;

/** The convention that a network has, named where it was left to the encoder and has a name. */
export function namedConvention({ encoder, encoderConvention }: NetworkConfig): EncoderConvention {
  const isLeft = encoderConvention === ENCODER_CONVENTION_UNSPECIFIED;
  return isLeft && encoder !== 'mobilenetv2' ? ENCODER_CONVENTION_PYTORCH : encoderConvention;
}

export function conventionOf(network: NetworkConfig): Convention {
  const convention = namedConvention(network);
  if (convention === ENCODER_CONVENTION_KERAS) return KERAS;
  return convention === ENCODER_CONVENTION_PYTORCH ? PYTORCH : ZERO_TO_ONE;
}
