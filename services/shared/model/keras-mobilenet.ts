// MobileNetV2 from Keras as encoder weights of this network.
import { invalid } from '../errors.ts';
import { readKerasModel, readNsfwjsModel } from './keras-model.ts';
import { writeSafetensors } from './safetensors.ts';
import type { Weights, WeightTensor } from './weights.ts';

/** Names the model that the package nsfwjs ships. */
export const NSFWJS_MODEL = 'nsfwjs';

/** Blocks after the first, which has no expansion. */
const EXPANDED_BLOCKS = 16;
const PARTS = { expand: 'filter', depthwise: 'depthwise_filter', project: 'filter' } as const;
const NORM_NAMES = { gamma: 'gamma', beta: 'beta', mean: 'moving_mean', variance: 'moving_variance' } as const;

/**
 * @param source NSFWJS_MODEL, or a model.json of TensorFlow.js or its folder, with a MobileNetV2 of Keras in it
 * @returns a safetensors file with the encoder's tensors; pixels are as they were for the model
 */
export async function kerasMobilenetToSafetensors(source: string): Promise<Uint8Array> {
  const model = source === NSFWJS_MODEL ? await readNsfwjsModel() : await readKerasModel(source);
  return writeSafetensors(encoderFromKeras(model, source));
}

/** @param keras tensors by their Keras names, for instance block_3_expand_BN/gamma */
function encoderFromKeras(keras: Weights, source: string): Map<string, WeightTensor> {
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
  return encoder;
}
