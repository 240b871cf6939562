// The parameters of a network, found by writing it down once on a small image: filters do not depend on the image's size.
import type { NetworkConfig } from '../../../proto/gen/cpral/v1/resources.ts';
import type { ParameterSpec } from './layers.ts';
import { buildTrainingGraph } from './training-graph.ts';

const ANY_SIZE = { height: 32, width: 32 };

export function networkParameters(network: NetworkConfig, classCount: number): readonly ParameterSpec[] {
  const options = { network, classCount, size: ANY_SIZE, batchSize: 1, momentum: 0, weightDecay: 0 };
  return buildTrainingGraph(options).parameters;
}

/** Those that pretrained weights may be given for. */
export function encoderParameters(network: NetworkConfig): readonly ParameterSpec[] {
  const anyClassCount = 2;
  return networkParameters(network, anyClassCount).filter(({ name }) => name.startsWith('encoder/'));
}
