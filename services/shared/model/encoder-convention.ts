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

export function conventionOf({ encoder, encoderConvention }: NetworkConfig): Convention {
  if (encoderConvention === EncoderConvention.ENCODER_CONVENTION_KERAS) return KERAS;
  if (encoderConvention === EncoderConvention.ENCODER_CONVENTION_PYTORCH) return PYTORCH;
  return encoder === 'mobilenetv2' ? ZERO_TO_ONE : PYTORCH;
}
