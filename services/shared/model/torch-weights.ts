// The state_dict of a published PyTorch model as encoder weights of this network.
//
//   convolutions   [out, in, rows, columns] -> [rows, columns, in, out]; depthwise [channels, 1, ...] -> [..., channels, 1]
//   batch norms    gamma' = gamma sqrt((variance + e') / (variance + e))     e, e'  PyTorch's epsilon and this network's
//
// With that gamma a batch norm is the same function of its input as in PyTorch, whatever the variance.
import type { NetworkConfig } from '../../../proto/gen/cpral/v1/resources.ts';
import { invalid } from '../errors.ts';
import { BATCH_NORM_EPSILON, type ParameterSpec } from './layers.ts';
import { encoderParameters } from './network-parameters.ts';
import { TORCH_MODELS, type TorchLayer } from './torch-names.ts';
import { checkFinite, type Weights, type WeightTensor } from './weights.ts';

const TORCH_EPSILON = 1e-5;

/** Counts batches; whole numbers that no layer reads. */
export const isTorchCounter = (name: string) => name.endsWith('.num_batches_tracked');

/** @returns whether the tensors have the names of PyTorch's: no name of this network has a dot in it */
export function isTorchState(weights: Weights): boolean {
  return [...weights.keys()].every((name) => name.includes('.'));
}

/**
 * @param state tensors by their PyTorch names
 * @param network whose encoder they are for
 * @param source what they are, for the error
 * @returns the encoder's tensors, which expect ENCODER_CONVENTION_PYTORCH
 * @throws INVALID_ARGUMENT where it is another model, or a tensor is missing, has another shape, or belongs nowhere
 */
export function encoderFromTorch(state: Weights, network: NetworkConfig, source: string): Map<string, WeightTensor> {
  const names = new Set(state.keys());
  const model = TORCH_MODELS.find(({ recognises }) => recognises(names));
  if (!model) {
    const known = TORCH_MODELS.map(({ encoder }) => encoder).join(', ');
    throw invalid(
      `${source}: expected PyTorch's names of one of ${known}, got ${[...names].slice(0, 3).join(', ')} ...`,
    );
  }
  if (model.encoder !== network.encoder) {
    throw invalid(`${source}: expected weights of ${network.encoder}, got those of ${model.encoder}`);
  }
  const taken = new Set<string>();
  const take = (name: string, shape: readonly number[]): WeightTensor => {
    const tensor = state.get(name);
    if (!tensor) throw invalid(`${source}: expected the tensor ${name}, which is missing`);
    if (tensor.shape.join() !== shape.join()) {
      throw invalid(`${source}: ${name}: expected the shape [${shape}], got [${tensor.shape}]`);
    }
    checkFinite(new Map([[name, tensor]]), source);
    taken.add(name);
    return tensor;
  };
  const encoder = new Map<string, WeightTensor>();
  for (const spec of encoderParameters(network)) {
    const end = spec.name.lastIndexOf('/');
    encoder.set(spec.name, convert(spec, model.layerOf(spec.name.slice(0, end)), { take, source }));
  }
  const stranger = [...names].find((name) => !taken.has(name) && !model.ignored.test(name) && !isTorchCounter(name));
  if (stranger) throw invalid(`${source}: the tensor ${stranger} is not one of ${model.encoder}`);
  return encoder;
}

interface Take {
  readonly take: (name: string, shape: readonly number[]) => WeightTensor;
  readonly source: string;
}

function convert(
  { name, shape }: ParameterSpec,
  { convolution, norm }: TorchLayer,
  { take, source }: Take,
): WeightTensor {
  switch (name.slice(name.lastIndexOf('/') + 1)) {
    case 'filter': {
      const [rows, columns, channelsIn, channels] = shape as [number, number, number, number];
      const { data } = take(`${convolution}.weight`, [channels, channelsIn, rows, columns]);
      return { shape, data: channelsLast(data, { places: rows * columns, channels, channelsIn }) };
    }
    case 'depthwise_filter': {
      const [rows, columns, channels] = shape as [number, number, number];
      const { data } = take(`${convolution}.weight`, [channels, 1, rows, columns]);
      return { shape, data: channelsLast(data, { places: rows * columns, channels, channelsIn: 1 }) };
    }
    case 'gamma': {
      const variance = take(`${norm}.running_var`, shape).data;
      if (variance.some((value) => value < 0)) {
        throw invalid(`${source}: ${norm}.running_var: expected variances of at least 0, got ${Math.min(...variance)}`);
      }
      const { data } = take(`${norm}.weight`, shape);
      const scale = (v: number) => Math.sqrt((v + BATCH_NORM_EPSILON) / (v + TORCH_EPSILON));
      return { shape, data: data.map((gamma, c) => gamma * scale(variance[c]!)) };
    }
    case 'beta':
      return take(`${norm}.bias`, shape);
    case 'mean':
      return take(`${norm}.running_mean`, shape);
    default:
      return take(`${norm}.running_var`, shape);
  }
}

/** @param data [channels, channels in, places] @returns [places, channels in, channels] */
function channelsLast(
  data: Float32Array,
  { places, channels, channelsIn }: { places: number; channels: number; channelsIn: number },
): Float32Array {
  const converted = new Float32Array(data.length);
  let from = 0;
  for (let channel = 0; channel < channels; channel++) {
    for (let channelIn = 0; channelIn < channelsIn; channelIn++) {
      for (let place = 0; place < places; place++) {
        converted[(place * channelsIn + channelIn) * channels + channel] = data[from++]!;
      }
    }
  }
  return converted;
}
