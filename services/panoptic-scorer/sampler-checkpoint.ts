// The state of a training of VAAL's networks as a safetensors object: weights, running statistics, Adam's slots.
import type { Checkpoint } from '../../proto/gen/cpral/v1/trainer.ts';
import { invalid } from '../shared/errors.ts';
import type { ParameterSpec } from '../shared/model/layers.ts';
import { readSafetensors, writeSafetensors } from '../shared/model/safetensors.ts';
import { checkWeights, type Weights } from '../shared/model/weights.ts';
import type { ObjectStore } from '../shared/objects/object-store.ts';
import { FIRST_PREFIX, SECOND_PREFIX } from '../shared/sampler/sampler-graph.ts';

export async function writeSamplerCheckpoint(objects: ObjectStore, step: number, state: Weights): Promise<Checkpoint> {
  return { step, state: await objects.put(writeSafetensors(state)) };
}

/** @throws INVALID_ARGUMENT where the checkpoint is not one of these networks */
export async function readSamplerCheckpoint(
  objects: ObjectStore,
  { state }: Checkpoint,
  parameters: readonly ParameterSpec[],
): Promise<Weights> {
  if (!state) throw invalid('checkpoint.state: expected an object, got none', { field: 'checkpoint.state' });
  const tensors = readSafetensors(await objects.get(state), 'checkpoint.state');
  const slots = parameters
    .filter(({ trainable }) => trainable)
    .flatMap((spec) => [FIRST_PREFIX, SECOND_PREFIX].map((prefix) => ({ ...spec, name: prefix + spec.name })));
  checkWeights([...parameters, ...slots], tensors, 'checkpoint.state');
  return tensors;
}
