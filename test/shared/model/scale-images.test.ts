import { describe, it } from 'vitest';
import { EncoderConvention } from '../../../proto/gen/cpral/v1/resources.ts';
import { graphOperations } from '../../../services/shared/model/graph-operations.ts';
import { scoringLayers } from '../../../services/shared/model/layers.ts';
import { scaleImages } from '../../../services/shared/model/scale-images.ts';
import { expectClose } from '../../support/expect-close.ts';
import { runGraph } from '../../support/run-graph.ts';
import { TINY_DRN, TINY_NETWORK } from '../../support/tiny-network.ts';

const { ENCODER_CONVENTION_UNSPECIFIED: none, ENCODER_CONVENTION_KERAS: keras } = EncoderConvention;
const pytorch = EncoderConvention.ENCODER_CONVENTION_PYTORCH;
const green = 116 / 255;
const imagenet = [-0.485 / 0.229, (green - 0.456) / 0.224, (1 - 0.406) / 0.225];

describe('pixels', () => {
  it.each([
    ['MobileNetV2 without a convention in [0, 1]', { ...TINY_NETWORK, encoderConvention: none }, [0, green, 1]],
    ['Keras in [-1, 1]', { ...TINY_NETWORK, encoderConvention: keras }, [-1, 2 * green - 1, 1]],
    ['PyTorch less the mean of ImageNet', { ...TINY_NETWORK, encoderConvention: pytorch }, imagenet],
    ['DRN-D as PyTorch, without a convention', { ...TINY_DRN, encoderConvention: none }, imagenet],
  ])('are taken by %s', (_, network, expected) => {
    const image = { shape: [1, 1, 1, 3], data: Uint8Array.of(0, 116, 255) };
    const [scaled] = runGraph([image], (graph, [pixels]) => {
      const layers = scoringLayers(graphOperations(graph), () => pixels!);
      return [scaleImages(layers, pixels!, network)];
    });
    expectClose(scaled!.data, expected, 1e-6);
  });
});
