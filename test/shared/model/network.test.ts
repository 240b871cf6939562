import { describe, expect, it } from 'vitest';
import { newGraph } from '../../../services/shared/graph/graph.ts';
import { placeholder } from '../../../services/shared/graph/operations/constant.ts';
import { checkNetwork } from '../../../services/shared/model/check-network.ts';
import { encode } from '../../../services/shared/model/encoder.ts';
import { freshWeights } from '../../../services/shared/model/fresh-weights.ts';
import { graphOperations } from '../../../services/shared/model/graph-operations.ts';
import { scoringLayers } from '../../../services/shared/model/layers.ts';
import { networkParameters } from '../../../services/shared/model/network-parameters.ts';
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
});
