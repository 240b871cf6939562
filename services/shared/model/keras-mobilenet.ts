// MobileNetV2 from Keras as encoder weights of this network.
import { invalid } from '../errors.ts';
import { readKerasModel, readNsfwjsModel } from './keras-model.ts';
import { writeSafetensors } from './safetensors.ts';
import type { Weights, WeightTensor } from './weights.ts';

/** Names the model that the package nsfwjs ships. */
export const NSFWJS_MODEL = 'nsfwjs';

/** The pixel values that a model was trained on: [0, 1], or [-1, 1] as Keras has it. */
export type PixelRange = 'zero-to-one' | 'minus-one-to-one';

/** Blocks after the first, which has no expansion. */
const EXPANDED_BLOCKS = 16;
const PARTS = { expand: 'filter', depthwise: 'depthwise_filter', project: 'filter' } as const;
const NORM_NAMES = { gamma: 'gamma', beta: 'beta', mean: 'moving_mean', variance: 'moving_variance' } as const;

/**
 * @param source NSFWJS_MODEL, or a model.json of TensorFlow.js or its folder, with a MobileNetV2 of Keras in it
 * @returns a safetensors file with the encoder's tensors
 */
export async function kerasMobilenetToSafetensors(source: string): Promise<Uint8Array> {
  const encoder =
    source === NSFWJS_MODEL
      ? encoderFromKeras(await readNsfwjsModel(), { range: 'zero-to-one', source })
      : encoderFromKeras(await readKerasModel(source), { range: 'minus-one-to-one', source });
  return writeSafetensors(encoder);
}

/** @param keras tensors by their Keras names, for instance block_3_expand_BN/gamma */
export function encoderFromKeras(
  keras: Weights,
  { range, source }: { readonly range: PixelRange; readonly source: string },
): Map<string, WeightTensor> {
  const encoder = new Map<string, WeightTensor>();
  const take = (name: string, from: string) => {
    const tensor = keras.get(from);
    if (!tensor) throw invalid(`${source}: expected a MobileNetV2 of Keras, but ${from} is missing`);
    encoder.set(name, tensor);
  };
  const layer = (name: string, leaf: 'filter' | 'depthwise_filter', convolution: string, norm: string) => {
    take(`${name}/${leaf}`, `${convolution}/${leaf === 'filter' ? 'kernel' : 'depthwise_kernel'}`);
    for (const [ours, theirs] of Object.entries(NORM_NAMES)) take(`${name}/${ours}`, `${norm}/${theirs}`);
  };
  layer('encoder/stem', 'filter', 'Conv1', 'bn_Conv1');
  for (let block = 0; block <= EXPANDED_BLOCKS; block++) {
    const prefix = block === 0 ? 'expanded_conv_' : `block_${block}_`;
    for (const [part, leaf] of Object.entries(PARTS)) {
      if (block === 0 && part === 'expand') continue;
      layer(`encoder/block${block}/${part}`, leaf, prefix + part, `${prefix}${part}_BN`);
    }
  }
  if (range === 'minus-one-to-one') takePixelsFromZeroToOne(encoder);
  return encoder;
}

/** w * (2x - 1) = 2w * x - sum(w): the constant goes into the mean that batch norm subtracts. */
function takePixelsFromZeroToOne(encoder: Map<string, WeightTensor>): void {
  const filter = encoder.get('encoder/stem/filter')!;
  const mean = encoder.get('encoder/stem/mean')!;
  const shifted = Float32Array.from(mean.data);
  filter.data.forEach((weight, i) => {
    shifted[i % shifted.length]! += weight;
  });
  encoder.set('encoder/stem/filter', { shape: filter.shape, data: filter.data.map((weight) => 2 * weight) });
  encoder.set('encoder/stem/mean', { shape: mean.shape, data: shifted });
}
