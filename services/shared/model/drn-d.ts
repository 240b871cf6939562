// DRN-D (Yu, Koltun and Funkhouser 2017, "Dilated Residual Networks") at output stride 8: a residual network whose last two stages
// are dilated instead of halved, then degridded by two plain convolutions. Layers are numbered as there, from 0.
//
//   layer 0     7x7, 16 channels            layers 1, 2   3x3, 16 and 32, in place of max pooling; 2 halves the size
//   layers 3-6  residual blocks, 64, 128, 256, 512; 3 and 4 halve the size, 5 and 6 are dilated by 2 and by 4
//   layers 7, 8 3x3, 512, dilated by 2, then not at all; no residual, which would carry the grid on
import type { Encode, EncoderFeatures, EncoderOptions } from './encoder-features.ts';
import type { Layers } from './layers.ts';
import type { Shaped } from './operations.ts';

interface Variant {
  /** Two 3x3 convolutions, or 1x1 -> 3x3 -> 1x1 with four times the channels at its end. */
  readonly block: 'basic' | 'bottleneck';
  /** Of layers 3 to 6. */
  readonly blocks: readonly [number, number, number, number];
}

/** The number in a name counts the layers with weights. */
const VARIANTS = {
  'drn-d-22': { block: 'basic', blocks: [2, 2, 2, 2] },
  'drn-d-38': { block: 'basic', blocks: [3, 4, 6, 3] },
  'drn-d-54': { block: 'bottleneck', blocks: [3, 4, 6, 3] },
} as const satisfies Record<string, Variant>;

const CHANNELS = [16, 16, 32, 64, 128, 256, 512, 512, 512] as const;
const RESIDUAL_LAYERS = [
  { layer: 3, stride: 2, dilation: 1 },
  { layer: 4, stride: 2, dilation: 1 },
  { layer: 5, stride: 1, dilation: 2 },
  { layer: 6, stride: 1, dilation: 4 },
] as const;
const BOTTLENECK_EXPANSION = 4;
const WIDTH_STEPS = 8;

/** Whether all channels come out whole, the fewest of them two. */
export function isDrnWidth(multiplier: number): boolean {
  return multiplier > 0 && Number.isInteger(multiplier * WIDTH_STEPS);
}

export function drnD(name: keyof typeof VARIANTS): Encode {
  return (layers, x, options) => encodeDrnD(layers, x, { ...options, ...VARIANTS[name] });
}

function encodeDrnD<T extends Shaped>(
  layers: Layers<T>,
  x: T,
  { widthMultiplier, padding, block, blocks }: EncoderOptions & Variant,
): EncoderFeatures<T> {
  const channelsOf = (layer: number) => CHANNELS[layer]! * widthMultiplier;
  const plain = (input: T, layer: number, { kernel = 3, stride = 1, dilation = 1 }: Partial<PlainSpec> = {}) =>
    layers.convolution(input, `encoder/layer${layer}`, {
      kernel,
      channels: channelsOf(layer),
      stride,
      dilation,
      padding,
      activation: 'relu',
    });

  let features = plain(plain(plain(x, 0, { kernel: 7 }), 1), 2, { stride: 2 }); // [B, H/2, W/2, 32]
  const stages: T[] = [];
  for (const [i, { layer, stride, dilation }] of RESIDUAL_LAYERS.entries()) {
    for (let number = 0; number < blocks[i]!; number++) {
      features = residualBlock(layers, features, `encoder/layer${layer}/block${number}`, {
        block,
        channels: channelsOf(layer),
        stride: number === 0 ? stride : 1,
        dilation,
        padding,
      });
    }
    stages.push(features); // 64 at H/4, 128, 256, 512 at H/8
  }
  for (const [layer, dilation] of [
    [7, 2],
    [8, 1],
  ] as const) {
    features = plain(features, layer, { dilation });
    stages.push(features); // [B, H/8, W/8, 512]
  }
  return { lowLevel: stages[0]!, stages, last: features, asppRates: [12, 24, 36], lowLevelChannels: 48 };
}

interface PlainSpec {
  readonly kernel: 3 | 7;
  readonly stride: number;
  readonly dilation: number;
}

interface BlockSpec extends Pick<EncoderOptions, 'padding'>, Pick<Variant, 'block'> {
  readonly channels: number;
  readonly stride: number;
  readonly dilation: number;
}

/** relu(F(x) + x), x projected where it differs from F(x) in size or channels. */
function residualBlock<T extends Shaped>(layers: Layers<T>, x: T, name: string, spec: BlockSpec): T {
  const { operations, convolution } = layers;
  const { block, channels, stride, padding } = spec;
  const end = block === 'basic' ? channels : channels * BOTTLENECK_EXPANSION;
  const change = block === 'basic' ? basic(layers, x, name, spec) : bottleneck(layers, x, name, spec);
  const carried =
    stride === 1 && x.shape[3] === end
      ? x
      : convolution(x, `${name}/downsample`, { kernel: 1, channels: end, stride, padding, activation: 'none' });
  return operations.relu(operations.add(change, carried));
}

function basic<T extends Shaped>({ convolution }: Layers<T>, x: T, name: string, spec: BlockSpec): T {
  const { channels, stride, dilation, padding } = spec;
  const shared = { kernel: 3, channels, dilation, padding } as const;
  const first = convolution(x, `${name}/conv1`, { ...shared, stride, activation: 'relu' });
  return convolution(first, `${name}/conv2`, { ...shared, activation: 'none' });
}

function bottleneck<T extends Shaped>({ convolution }: Layers<T>, x: T, name: string, spec: BlockSpec): T {
  const { channels, stride, dilation, padding } = spec;
  const narrow = convolution(x, `${name}/conv1`, { kernel: 1, channels, activation: 'relu' });
  const filtered = convolution(narrow, `${name}/conv2`, {
    kernel: 3,
    channels,
    stride,
    dilation,
    padding,
    activation: 'relu',
  });
  const wide = channels * BOTTLENECK_EXPANSION;
  return convolution(filtered, `${name}/conv3`, { kernel: 1, channels: wide, activation: 'none' });
}
