// An encoder turns images into features. Another encoder is one more file and one more line in the table.
import {
  EncoderConvention,
  encoderConventionToJSON,
  type NetworkConfig,
} from '../../../proto/gen/cpral/v1/resources.ts';
import { invalid } from '../errors.ts';
import { drnD, isDrnWidth } from './drn-d.ts';
import { conventionOf } from './encoder-convention.ts';
import type { Encode, EncoderFeatures } from './encoder-features.ts';
import type { Layers } from './layers.ts';
import { encodeMobileNetV2 } from './mobilenet-v2.ts';
import type { Shaped } from './operations.ts';

interface Encoder {
  readonly encode: Encode;
  readonly conventions: readonly EncoderConvention[];
  readonly width: { readonly expected: string; readonly allows: (multiplier: number) => boolean };
}

const { ENCODER_CONVENTION_UNSPECIFIED, ENCODER_CONVENTION_KERAS, ENCODER_CONVENTION_PYTORCH } = EncoderConvention;

const mobileNetV2: Encoder = {
  encode: encodeMobileNetV2,
  conventions: [ENCODER_CONVENTION_UNSPECIFIED, ENCODER_CONVENTION_KERAS, ENCODER_CONVENTION_PYTORCH],
  // Channels are rounded to multiples of eight, whatever it is.
  width: { expected: 'a number above 0', allows: (multiplier) => multiplier > 0 },
};

const drn = (encode: Encode): Encoder => ({
  encode,
  conventions: [ENCODER_CONVENTION_UNSPECIFIED, ENCODER_CONVENTION_PYTORCH],
  width: { expected: 'a multiple of 1/8', allows: isDrnWidth },
});

const encoders = {
  mobilenetv2: mobileNetV2,
  'drn-d-22': drn(drnD('drn-d-22')),
  'drn-d-38': drn(drnD('drn-d-38')),
  'drn-d-54': drn(drnD('drn-d-54')),
} as const satisfies Record<string, Encoder>;

export type EncoderName = keyof typeof encoders;
export const ENCODERS = Object.keys(encoders) as EncoderName[];

/** @param x [batch, height, width, 3], of scaleImages */
export function encode<T extends Shaped>(layers: Layers<T>, x: T, network: NetworkConfig): EncoderFeatures<T> {
  const { padding } = conventionOf(network);
  return encoderOf(network).encode(layers, x, { widthMultiplier: network.widthMultiplier, padding });
}

/**
 * @param path of the network's field
 * @throws INVALID_ARGUMENT where there is no such encoder, or not of this width, or not by this convention
 */
export function checkEncoder(network: NetworkConfig, path: string): void {
  const { conventions, width } = encoderOf(network, path);
  const { encoder, widthMultiplier, encoderConvention } = network;
  if (!width.allows(widthMultiplier)) {
    throw invalid(`${path}.width_multiplier: expected ${width.expected} for ${encoder}, got ${widthMultiplier}`, {
      field: `${path}.width_multiplier`,
    });
  }
  if (!conventions.includes(encoderConvention)) {
    const names = conventions.map((convention) => encoderConventionToJSON(convention)).join(', ');
    const got = encoderConventionToJSON(encoderConvention);
    throw invalid(`${path}.encoder_convention: expected one of ${names} for ${encoder}, got ${got}`, {
      field: `${path}.encoder_convention`,
    });
  }
}

function encoderOf({ encoder }: NetworkConfig, path = 'network'): Encoder {
  if (Object.hasOwn(encoders, encoder)) return encoders[encoder as EncoderName];
  throw invalid(`${path}.encoder: expected one of ${ENCODERS.join(', ')}, got "${encoder}"`, {
    field: `${path}.encoder`,
  });
}
