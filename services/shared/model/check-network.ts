// What a network may look like, checked where its description arrives.
import { DropoutPlacement, type NetworkConfig, Precision } from '../../../proto/gen/cpral/v1/resources.ts';
import { invalid } from '../errors.ts';
import { checkEncoder } from './encoder.ts';

const MAX_WIDTH_MULTIPLIER = 4;
const MAX_CHANNELS = 2048;
const PRECISIONS: readonly Precision[] = [
  Precision.PRECISION_UNSPECIFIED,
  Precision.PRECISION_FLOAT32,
  Precision.PRECISION_BFLOAT16,
];

const PLACEMENTS: readonly DropoutPlacement[] = [
  DropoutPlacement.DROPOUT_PLACEMENT_UNSPECIFIED,
  DropoutPlacement.DROPOUT_PLACEMENT_ENCODER,
  DropoutPlacement.DROPOUT_PLACEMENT_CLASSIFIER,
];

/**
 * @param path of the field that holds the network
 * @throws INVALID_ARGUMENT where a number is absent or out of its range
 */
export function checkNetwork(network: NetworkConfig | undefined, path = 'network'): NetworkConfig {
  if (!network) throw invalid(`${path}: expected a network, got none`, { field: path });
  checkEncoder(network, path);
  const { widthMultiplier, asppChannels, decoderChannels, dropout, precision, dropoutPlacement } = network;
  if (!(widthMultiplier > 0 && widthMultiplier <= MAX_WIDTH_MULTIPLIER)) {
    throw outside(`${path}.width_multiplier`, `a number above 0, at most ${MAX_WIDTH_MULTIPLIER}`, widthMultiplier);
  }
  for (const [field, channels] of [
    [`${path}.aspp_channels`, asppChannels],
    [`${path}.decoder_channels`, decoderChannels],
  ] as const) {
    if (!Number.isInteger(channels) || channels < 1 || channels > MAX_CHANNELS) {
      throw outside(field, `a whole number from 1 to ${MAX_CHANNELS}`, channels);
    }
  }
  if (!(dropout >= 0 && dropout < 1)) throw outside(`${path}.dropout`, 'a number from 0, below 1', dropout);
  if (!PRECISIONS.includes(precision)) throw outside(`${path}.precision`, 'float32 or bfloat16', precision);
  if (!PLACEMENTS.includes(dropoutPlacement)) {
    throw outside(`${path}.dropout_placement`, 'encoder or classifier', dropoutPlacement);
  }
  return network;
}

function outside(field: string, expected: string, value: number) {
  return invalid(`${field}: expected ${expected}, got ${value}`, { field });
}
