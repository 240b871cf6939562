// Under which names PyTorch's published models hold this network's layers.
import type { EncoderName } from './encoder.ts';

export interface TorchLayer {
  /** The prefix of the convolution's weight. */
  readonly convolution: string;
  /** The prefix of its batch norm's tensors. */
  readonly norm: string;
}

export interface TorchModel {
  readonly encoder: EncoderName;
  /** Whether names are those of this model. */
  readonly recognises: (names: ReadonlySet<string>) => boolean;
  /** @param layer of the encoder, such as encoder/layer3/block0/conv1 */
  readonly layerOf: (layer: string) => TorchLayer;
  /** Tensors that an encoder has no use for: the classifier, and what leads to nothing else. */
  readonly ignored: RegExp;
}

const drn = (encoder: EncoderName, recognises: TorchModel['recognises']): TorchModel => ({
  encoder,
  recognises: (names) => names.has('layer0.0.weight') && recognises(names),
  layerOf: drnLayer,
  // The classifier of images, or that of pixels with its upsampling.
  ignored: /^(fc|seg|up)\./,
});

export const TORCH_MODELS: readonly TorchModel[] = [
  {
    encoder: 'mobilenetv2',
    recognises: (names) => names.has('features.0.0.weight') && names.has('features.1.conv.0.0.weight'),
    layerOf: mobilenetLayer,
    ignored: /^(classifier|features\.18)\./,
  },
  drn('drn-d-54', (names) => names.has('layer3.0.conv3.weight')),
  drn('drn-d-38', (names) => names.has('layer3.2.conv2.weight')),
  drn('drn-d-22', (names) => names.has('layer3.1.conv2.weight')),
];

/** encoder/layer0 is layer0.0 and .1; encoder/layer3/block0/conv1 is layer3.0.conv1 and .bn1. */
function drnLayer(layer: string): TorchLayer {
  const [, number, block, part] = layer.split('/');
  if (!block || !part) return { convolution: `${number}.0`, norm: `${number}.1` };
  const prefix = `${number}.${block.replace('block', '')}.${part}`;
  return part === 'downsample'
    ? { convolution: `${prefix}.0`, norm: `${prefix}.1` }
    : { convolution: prefix, norm: prefix.replace('conv', 'bn') };
}

/** Convolutions with an activation are a sequence of their own; the first block has no expansion, so its parts come one earlier. */
function mobilenetLayer(layer: string): TorchLayer {
  const [, block, part] = layer.split('/');
  if (!block?.startsWith('block')) return { convolution: 'features.0.0', norm: 'features.0.1' };
  const number = Number(block.replace('block', ''));
  const conv = `features.${number + 1}.conv`;
  const at = ['expand', 'depthwise', 'project'].indexOf(part!) - (number === 0 ? 1 : 0);
  return part === 'project'
    ? { convolution: `${conv}.${at}`, norm: `${conv}.${at + 1}` }
    : { convolution: `${conv}.${at}.0`, norm: `${conv}.${at}.1` };
}
