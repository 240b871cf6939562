import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EncoderConvention, type NetworkConfig } from '../../../proto/gen/cpral/v1/resources.ts';
import { sizeOf } from '../../../services/shared/graph/graph.ts';
import { encode } from '../../../services/shared/model/encoder.ts';
import { foldBatchNorm } from '../../../services/shared/model/fold-batch-norm.ts';
import { graphOperations } from '../../../services/shared/model/graph-operations.ts';
import { scoringLayers } from '../../../services/shared/model/layers.ts';
import { scaleImages } from '../../../services/shared/model/scale-images.ts';
import { encoderFromTorch } from '../../../services/shared/model/torch-weights.ts';
import { hashedTensor, hashedUniform } from '../../support/hashed-weights.ts';
import { runGraph } from '../../support/run-graph.ts';
import { TINY_NETWORK } from '../../support/tiny-network.ts';

interface Golden {
  readonly height: number;
  readonly width: number;
  readonly networks: Readonly<Record<string, GoldenNetwork>>;
}

interface GoldenNetwork {
  /** Shapes by the names of PyTorch's state_dict. */
  readonly state: Readonly<Record<string, readonly number[]>>;
  readonly stages: readonly { readonly shape: readonly number[]; readonly samples: readonly number[] }[];
}

const golden = JSON.parse(readFileSync(new URL('../../goldens/encoders.json', import.meta.url), 'utf8')) as Golden;

/** The stages of the encoder, its weights taken from PyTorch's state_dict, on the golden's image. */
function stagesOf(network: NetworkConfig, { state }: GoldenNetwork) {
  const { height, width } = golden;
  const torch = new Map(Object.entries(state).map(([name, shape]) => [name, hashedTensor(name, shape)]));
  const weights = foldBatchNorm(encoderFromTorch(torch, network, 'state_dict'));
  torch.clear();
  const pixels = Uint8Array.from(hashedUniform('image', height * width * 3), (value) => Math.floor(256 * value));
  const names = [...weights.keys()];
  return runGraph(
    [{ shape: [1, height, width, 3], data: pixels }, ...weights.values()],
    (graph, [image, ...values]) => {
      const byName = new Map(names.map((name, i) => [name, values[i]!]));
      const layers = scoringLayers(graphOperations(graph), ({ name }) => byName.get(name)!);
      return encode(layers, scaleImages(layers, image!, network), network).stages;
    },
  );
}

describe('an encoder with the weights of a PyTorch model', () => {
  for (const [encoder, expected] of Object.entries(golden.networks)) {
    it(`has PyTorch's features to 1e-4: ${encoder}`, () => {
      const encoderConvention = EncoderConvention.ENCODER_CONVENTION_PYTORCH;
      const network = { ...TINY_NETWORK, encoder, widthMultiplier: 1, encoderConvention };
      const stages = stagesOf(network, expected);
      expect(stages.map(({ shape }) => shape.slice(1))).toEqual(expected.stages.map(({ shape }) => shape));
      stages.forEach(({ shape, data }, i) => {
        const { samples } = expected.stages[i]!;
        const places = hashedUniform('samples', samples.length).map((u) => Math.floor(u * sizeOf(shape)));
        const off = samples.map((sample, j) => Math.abs(sample - data[places[j]!]!));
        expect(Math.max(...off)).toBeLessThan(1e-4);
      });
    });
  }
});
