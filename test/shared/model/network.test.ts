import { describe, expect, it } from 'vitest';
import { EncoderConvention } from '../../../proto/gen/cpral/v1/resources.ts';
import { newGraph, sizeOf } from '../../../services/shared/graph/graph.ts';
import { placeholder } from '../../../services/shared/graph/operations/constant.ts';
import { checkNetwork } from '../../../services/shared/model/check-network.ts';
import { encode } from '../../../services/shared/model/encoder.ts';
import { freshWeights } from '../../../services/shared/model/fresh-weights.ts';
import { graphOperations } from '../../../services/shared/model/graph-operations.ts';
import { scoringLayers } from '../../../services/shared/model/layers.ts';
import { encoderParameters, networkParameters } from '../../../services/shared/model/network-parameters.ts';
import { graphParameters } from '../../../services/shared/model/parameters.ts';
import { TINY_NETWORK } from '../../support/tiny-network.ts';

const network = { ...TINY_NETWORK, widthMultiplier: 1, asppChannels: 256, decoderChannels: 256 };

describe('MobileNetV2', () => {
  it('has six stages of 24 to 320 channels, at a quarter to a sixteenth of the size', () => {
    const graph = newGraph();
    const layers = scoringLayers(graphOperations(graph), graphParameters(graph).source);
    const features = encode(layers, placeholder(graph, 'x', [1, 180, 240, 3]), network);
    expect(features.stages.map(({ shape }) => shape)).toEqual([
      [1, 45, 60, 24],
      [1, 23, 30, 32],
      [1, 12, 15, 64],
      [1, 12, 15, 96],
      [1, 12, 15, 160],
      [1, 12, 15, 320],
    ]);
    expect(features.lowLevel).toBe(features.stages[0]);
    expect(features.last).toBe(features.stages[5]);
  });
});

describe('DRN-D', () => {
  const stagesOf = (encoder: string, widthMultiplier = 1) => {
    const graph = newGraph();
    const layers = scoringLayers(graphOperations(graph), graphParameters(graph).source);
    return encode(layers, placeholder(graph, 'x', [1, 180, 240, 3]), { ...network, encoder, widthMultiplier });
  };

  it.each([
    ['drn-d-22', [64, 128, 256, 512, 512, 512]],
    ['drn-d-38', [64, 128, 256, 512, 512, 512]],
    ['drn-d-54', [256, 512, 1024, 2048, 512, 512]],
  ])('%s ends layers 3 to 8 at a quarter and an eighth of the size', (encoder, channels) => {
    const { stages, lowLevel, last, asppRates, lowLevelChannels } = stagesOf(encoder);
    expect(stages.map(({ shape }) => shape)).toEqual(
      channels.map((count, i) => (i === 0 ? [1, 45, 60, count] : [1, 23, 30, count])),
    );
    expect([lowLevel, last]).toEqual([stages[0], stages[5]]);
    expect({ asppRates, lowLevelChannels }).toEqual({ asppRates: [12, 24, 36], lowLevelChannels: 48 });
  });

  it.each([
    ['drn-d-22', 16.4],
    ['drn-d-38', 26.5],
    ['drn-d-54', 35.8],
  ])('%s has with a classifier as many weights as the published one: %f million', (encoder, millions) => {
    const trained = encoderParameters({ ...network, encoder }).filter(({ trainable }) => trainable);
    const count = trained.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    const classifier = 1000 * (512 + 1);
    expect((count + classifier) / 1e6).toBeCloseTo(millions, 1);
  });

  it('carries nothing past layers 7 and 8, whose work is to take the grid away', () => {
    const names = encoderParameters({ ...network, encoder: 'drn-d-22' }).map(({ name }) => name);
    expect(names.filter((name) => /layer[78]/.test(name) && name.endsWith('filter'))).toEqual([
      'encoder/layer7/filter',
      'encoder/layer8/filter',
    ]);
  });

  it('comes narrower by eighths', () => {
    expect(stagesOf('drn-d-54', 0.125).stages.map(({ shape }) => shape[3])).toEqual([32, 64, 128, 256, 64, 64]);
  });
});

describe('the decoder', () => {
  it('joins 256 and 48 channels, as DeepLabV3+ does', () => {
    const shapes = new Map(networkParameters(network, 11).map(({ name, shape }) => [name, shape]));
    expect(shapes.get('decoder/refine1/filter')).toEqual([3, 3, 304, 256]);
    expect(shapes.get('decoder/refine2/filter')).toEqual([3, 3, 256, 256]);
    expect(shapes.get('decoder/classifier/filter')).toEqual([1, 1, 256, 11]);
    expect(shapes.get('loss_prediction/output/matrix')).toEqual([6 * 128, 1]);
  });
});

describe('fresh weights', () => {
  const parameters = networkParameters(TINY_NETWORK, 3);

  it('depend on the seed and the name alone', () => {
    const reversed = freshWeights(parameters.toReversed(), 1);
    expect(reversed).toEqual(freshWeights(parameters, 1));
    const filter = (seed: number) => freshWeights(parameters, seed).get('aspp/project/filter')!.data;
    expect(filter(2)).not.toEqual(filter(1));
  });

  it('have the variance of He et al., and start norms at rest', () => {
    const weights = freshWeights(networkParameters(network, 11), 1);
    const filter = weights.get('decoder/refine1/filter')!.data;
    const variance = filter.reduce((sum, value) => sum + value * value, 0) / filter.length;
    expect(variance * 9 * 304).toBeCloseTo(2, 1);
    expect([...weights.get('aspp/local/gamma')!.data.slice(0, 2)]).toEqual([1, 1]);
    expect([...weights.get('aspp/local/mean')!.data.slice(0, 2)]).toEqual([0, 0]);
  });
});

describe('a network is refused', () => {
  it('with a number that is absent or out of its range, naming the field', () => {
    expect(() => checkNetwork(undefined)).toThrow('network: expected a network, got none');
    expect(() => checkNetwork({ ...network, widthMultiplier: 0 })).toThrow(
      /^network.width_multiplier: expected a number above 0/,
    );
    expect(() => checkNetwork({ ...network, asppChannels: 1.5 })).toThrow(/^network.aspp_channels: .* got 1.5$/);
    expect(() => checkNetwork({ ...network, decoderChannels: 0 })).toThrow(/^network.decoder_channels: .* got 0$/);
    expect(() => checkNetwork({ ...network, dropout: 1 })).toThrow(
      /^network.dropout: expected a number from 0, below 1, got 1$/,
    );
  });

  it('with an encoder that there is none of', () => {
    for (const encoder of ['vgg', '', 'drn-d-105', 'toString']) {
      expect(() => checkNetwork({ ...network, encoder }, 'config.network')).toThrow(
        `config.network.encoder: expected one of mobilenetv2, drn-d-22, drn-d-38, drn-d-54, got "${encoder}"`,
      );
    }
  });

  it('with a width at which the channels of its encoder are not whole', () => {
    for (const widthMultiplier of [0.3, 1 / 16, 0, -1, Number.NaN]) {
      expect(() => checkNetwork({ ...network, encoder: 'drn-d-22', widthMultiplier })).toThrow(
        `network.width_multiplier: expected a multiple of 1/8 for drn-d-22, got ${widthMultiplier}`,
      );
    }
    expect(() => checkNetwork({ ...network, encoder: 'drn-d-22', widthMultiplier: 5 })).toThrow(/at most 4, got 5$/);
    expect(checkNetwork({ ...network, encoder: 'drn-d-22', widthMultiplier: 0.375 }).widthMultiplier).toBe(0.375);
    expect(checkNetwork({ ...network, widthMultiplier: 0.3 }).widthMultiplier).toBe(0.3);
  });

  it('with a convention in which its encoder was never published, or that there is none of', () => {
    const { ENCODER_CONVENTION_KERAS: keras, ENCODER_CONVENTION_PYTORCH: pytorch } = EncoderConvention;
    expect(() => checkNetwork({ ...network, encoder: 'drn-d-54', encoderConvention: keras })).toThrow(
      /^network.encoder_convention: expected one of .*_PYTORCH for drn-d-54, got ENCODER_CONVENTION_KERAS$/,
    );
    expect(() => checkNetwork({ ...network, encoderConvention: 9 as EncoderConvention })).toThrow(/got UNRECOGNIZED$/);
    expect(checkNetwork({ ...network, encoderConvention: pytorch }).encoderConvention).toBe(pytorch);
  });
});
