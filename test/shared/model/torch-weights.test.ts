import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BATCH_NORM_EPSILON } from '../../../services/shared/model/layers.ts';
import { encoderParameters } from '../../../services/shared/model/network-parameters.ts';
import { encoderFromTorch, isTorchState } from '../../../services/shared/model/torch-weights.ts';
import { checkWeights, type WeightTensor } from '../../../services/shared/model/weights.ts';
import { hashedTensor } from '../../support/hashed-weights.ts';
import { TINY_NETWORK } from '../../support/tiny-network.ts';

const { networks } = JSON.parse(readFileSync(new URL('../../goldens/encoders.json', import.meta.url), 'utf8')) as {
  readonly networks: Readonly<Record<string, { readonly state: Readonly<Record<string, readonly number[]>> }>>;
};

const networkOf = (encoder: string) => ({ ...TINY_NETWORK, encoder, widthMultiplier: 1 });

/** A state_dict with PyTorch's own names and shapes. */
function stateOf(encoder: string): Map<string, WeightTensor> {
  const shapes = Object.entries(networks[encoder]!.state);
  return new Map(shapes.map(([name, shape]) => [name, hashedTensor(name, shape)]));
}

describe('a state_dict of PyTorch', () => {
  const state = stateOf('mobilenetv2');
  const encoder = encoderFromTorch(state, networkOf('mobilenetv2'), 'file');
  const tensor = (name: string) => encoder.get(name)!;

  it('becomes every tensor of the encoder, and nothing of the classifier', () => {
    expect(() => checkWeights(encoderParameters(networkOf('mobilenetv2')), encoder, 'file')).not.toThrow();
    expect(isTorchState(state)).toBe(true);
    expect(isTorchState(encoder)).toBe(false);
  });

  it('has its channels put last', () => {
    const at = (weights: WeightTensor, place: readonly number[]) =>
      weights.data[place.reduce((index, value, axis) => index * weights.shape[axis]! + value, 0)];
    const [stem, depthwise] = [state.get('features.0.0.weight')!, state.get('features.2.conv.1.0.weight')!];
    expect(at(tensor('encoder/stem/filter'), [2, 1, 0, 30])).toBe(at(stem, [30, 0, 2, 1]));
    expect(at(tensor('encoder/block1/depthwise/depthwise_filter'), [0, 2, 95, 0])).toBe(at(depthwise, [95, 0, 0, 2]));
  });

  it('keeps the function of its batch norms, whose epsilon is another, at any variance', () => {
    const [norm, ours] = ['features.0.1', 'encoder/stem'];
    const variance = Float32Array.from({ length: 32 }, (_, c) => (c === 0 ? 0 : 10 ** (-6 + c / 5)));
    const changed = new Map(state).set(`${norm}.running_var`, { shape: [32], data: variance });
    const converted = encoderFromTorch(changed, networkOf('mobilenetv2'), 'file');
    const slope = (gamma: Float32Array, epsilon: number) => gamma.map((g, c) => g / Math.sqrt(variance[c]! + epsilon));
    const torch = slope(state.get(`${norm}.weight`)!.data, 1e-5);
    const here = slope(converted.get(`${ours}/gamma`)!.data, BATCH_NORM_EPSILON);
    for (const [c, value] of here.entries()) expect(value / torch[c]!).toBeCloseTo(1, 6);
    expect(converted.get(`${ours}/variance`)!.data).toEqual(variance);
  });

  const drn = stateOf('drn-d-22');
  const changes: Readonly<Record<string, [change: (state: Map<string, WeightTensor>) => void, sentence: string]>> = {
    'lacks a tensor': [
      (changed) => changed.delete('layer5.1.bn2.running_mean'),
      'file: expected the tensor layer5.1.bn2.running_mean, which is missing',
    ],
    'has a tensor of another shape': [
      (changed) => changed.set('layer3.0.downsample.0.weight', { shape: [64, 16, 1, 1], data: new Float32Array(1024) }),
      'file: layer3.0.downsample.0.weight: expected the shape [64,32,1,1], got [64,16,1,1]',
    ],
    'has a tensor that belongs nowhere': [
      (changed) => changed.set('layer3.0.bn3.weight', { shape: [64], data: new Float32Array(64) }),
      'file: the tensor layer3.0.bn3.weight is not one of drn-d-22',
    ],
    'has a variance below 0': [
      (changed) => changed.set('layer8.1.running_var', { shape: [512], data: new Float32Array(512).fill(-1) }),
      'file: layer8.1.running_var: expected variances of at least 0, got -1',
    ],
    'has a number that is not finite': [
      (changed) => changed.set('layer0.1.bias', { shape: [16], data: new Float32Array(16).fill(Number.NaN) }),
      'file: layer0.1.bias: expected finite numbers, got NaN at 0',
    ],
    'is of another model': [
      (changed) => changed.set('layer3.0.conv3.weight', { shape: [1], data: new Float32Array(1) }),
      'file: expected weights of drn-d-22, got those of drn-d-54',
    ],
    'is of no model that is known': [
      (changed) => {
        changed.clear();
        changed.set('module.layer0.0.weight', drn.get('layer0.0.weight')!);
      },
      "file: expected PyTorch's names of one of mobilenetv2, drn-d-54, drn-d-38, drn-d-22, got module.layer0.0.weight ...",
    ],
  };

  for (const [claim, [change, sentence]] of Object.entries(changes)) {
    it(`is refused where it ${claim}`, () => {
      const changed = new Map(drn);
      change(changed);
      expect(() => encoderFromTorch(changed, networkOf('drn-d-22'), 'file')).toThrow(sentence);
    });
  }

  it('is refused for an encoder of another width', () => {
    const half = { ...networkOf('drn-d-22'), widthMultiplier: 0.5 };
    expect(() => encoderFromTorch(drn, half, 'file')).toThrow(
      'file: layer0.0.weight: expected the shape [8,3,7,7], got [16,3,7,7]',
    );
  });
});
