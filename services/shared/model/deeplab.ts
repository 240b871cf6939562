// DeepLabV3+ (Chen et al. 2018): atrous spatial pyramid pooling on the last features, and a decoder that joins them with the
// low-level ones.
import type { NetworkConfig } from '../../../proto/gen/cpral/v1/resources.ts';
import type { EncoderFeatures } from './encoder-features.ts';
import type { Layers } from './layers.ts';
import type { Shaped } from './operations.ts';

export interface DecoderOptions {
  readonly config: NetworkConfig;
  readonly classCount: number;
  /** Of the logits: the image's. */
  readonly height: number;
  readonly width: number;
}

/** @returns logits [batch, height, width, classes] */
export function decode<T extends Shaped>(layers: Layers<T>, features: EncoderFeatures<T>, options: DecoderOptions): T {
  return classify(layers, refineFeatures(layers, features, options.config), options);
}

/** @returns the decoder's last features, [batch, height/4, width/4, channels] */
export function refineFeatures<T extends Shaped>(
  layers: Layers<T>,
  features: EncoderFeatures<T>,
  config: NetworkConfig,
): T {
  const { operations, convolution } = layers;
  const [, lowHeight, lowWidth] = features.lowLevel.shape as [number, number, number];
  const context = pyramid(layers, features, config.asppChannels);
  const low = convolution(features.lowLevel, 'decoder/low_level', {
    kernel: 1,
    channels: features.lowLevelChannels,
    activation: 'relu',
  }); // [B, H/4, W/4, 48]
  const joined = config.decoderSeparable
    ? refine(
        layers,
        operations.concat([
          operations.castLike(operations.resizeBilinear(operations.toFloat(context), lowHeight, lowWidth), low),
          low,
        ]),
        'decoder/refine1',
        config,
      )
    : layers.joinedConvolution({ upsampled: context, beside: low }, 'decoder/refine1', {
        channels: config.decoderChannels,
        activation: 'relu',
      });
  return refine(layers, joined, 'decoder/refine2', config); // [B, H/4, W/4, C]
}

/**
 * @param x of refineFeatures
 * @returns logits [batch, height, width, classes]
 */
export function classify<T extends Shaped>(
  layers: Layers<T>,
  x: T,
  { classCount, height, width }: Omit<DecoderOptions, 'config'>,
): T {
  const logits = layers.classifier(x, 'decoder/classifier', classCount); // [B, H/4, W/4, K]
  return layers.operations.resizeBilinear(logits, height, width);
}

/** @returns [batch, rows, columns, channels] at the size of the last features */
function pyramid<T extends Shaped>(layers: Layers<T>, { last, asppRates }: EncoderFeatures<T>, channels: number): T {
  const { operations, convolution } = layers;
  const [, rows, columns] = last.shape as [number, number, number];
  const local = convolution(last, 'aspp/local', { kernel: 1, channels, activation: 'relu' });
  const atrous = asppRates.map((dilation, i) =>
    convolution(last, `aspp/atrous${i + 1}`, { kernel: 3, channels, dilation, activation: 'relu' }),
  );
  const pooled = convolution(
    operations.castLike(operations.mean(operations.toFloat(last), [1, 2], true), last),
    'aspp/pooled',
    {
      kernel: 1,
      channels,
      activation: 'relu',
    },
  ); // [B, 1, 1, C]
  const joined = operations.concat([local, ...atrous, operations.tile(pooled, [1, rows, columns, 1])]);
  return convolution(joined, 'aspp/project', { kernel: 1, channels, activation: 'relu' });
}

function refine<T extends Shaped>(layers: Layers<T>, x: T, name: string, config: NetworkConfig): T {
  const channels = config.decoderChannels;
  if (!config.decoderSeparable) return layers.convolution(x, name, { kernel: 3, channels, activation: 'relu' });
  const filtered = layers.depthwise(x, `${name}/depthwise`, { activation: 'relu' });
  return layers.convolution(filtered, `${name}/pointwise`, { kernel: 1, channels, activation: 'relu' });
}
