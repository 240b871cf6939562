// MobileNetV2 (Sandler et al. 2018) at output stride 16: inverted residuals, expand 1x1 -> depthwise 3x3 -> project 1x1.
// The last stage that would halve the size again keeps it, and the one after it is dilated instead.
import type { EncoderFeatures, EncoderOptions } from './encoder-features.ts';
import type { Layers } from './layers.ts';
import type { Shaped } from './operations.ts';

interface Stage {
  /** Channels inside a block, as a multiple of those that enter it. */
  readonly expansion: number;
  readonly channels: number;
  readonly blocks: number;
  /** Of the first block. */
  readonly stride: number;
  readonly dilation: number;
}

const STEM_CHANNELS = 32;
const STAGES: readonly Stage[] = [
  { expansion: 1, channels: 16, blocks: 1, stride: 1, dilation: 1 },
  { expansion: 6, channels: 24, blocks: 2, stride: 2, dilation: 1 },
  { expansion: 6, channels: 32, blocks: 3, stride: 2, dilation: 1 },
  { expansion: 6, channels: 64, blocks: 4, stride: 2, dilation: 1 },
  { expansion: 6, channels: 96, blocks: 3, stride: 1, dilation: 1 },
  { expansion: 6, channels: 160, blocks: 3, stride: 1, dilation: 1 },
  { expansion: 6, channels: 320, blocks: 1, stride: 1, dilation: 2 },
];

export function encodeMobileNetV2<T extends Shaped>(
  layers: Layers<T>,
  x: T,
  { widthMultiplier, padding }: EncoderOptions,
): EncoderFeatures<T> {
  const width = (channels: number) => roundToEight(channels * widthMultiplier);
  const ends: T[] = [];
  let features = layers.convolution(x, 'encoder/stem', {
    kernel: 3,
    channels: width(STEM_CHANNELS),
    stride: 2,
    padding,
    activation: 'relu6',
  }); // [B, H/2, W/2, 32]
  let block = 0;
  for (const stage of STAGES) {
    for (let i = 0; i < stage.blocks; i++) {
      const stride = i === 0 ? stage.stride : 1;
      const channels = width(stage.channels);
      features = invertedResidual(layers, features, `encoder/block${block++}`, { ...stage, stride, channels, padding });
    }
    ends.push(features);
  }
  const [, ...stages] = ends; // 24 at H/4, 32 at H/8, 64, 96, 160, 320 at H/16
  return { lowLevel: stages[0]!, stages, last: features, asppRates: [6, 12, 18], lowLevelChannels: 48 };
}

function invertedResidual<T extends Shaped>(
  { operations, convolution, depthwise }: Layers<T>,
  x: T,
  name: string,
  { expansion, channels, stride, dilation, padding }: Omit<Stage, 'blocks'> & Pick<EncoderOptions, 'padding'>,
): T {
  const channelsIn = x.shape[3]!;
  const wide =
    expansion === 1
      ? x
      : convolution(x, `${name}/expand`, { kernel: 1, channels: channelsIn * expansion, activation: 'relu6' });
  const filtered = depthwise(wide, `${name}/depthwise`, { stride, dilation, padding, activation: 'relu6' });
  const narrow = convolution(filtered, `${name}/project`, { kernel: 1, channels, activation: 'none' });
  return stride === 1 && channelsIn === channels ? operations.add(x, narrow) : narrow;
}

/** The multiple of 8 that is nearest, at least 8, and not more than a tenth below. */
function roundToEight(channels: number): number {
  const rounded = Math.max(8, Math.floor((channels + 4) / 8) * 8);
  return rounded < 0.9 * channels ? rounded + 8 : rounded;
}
