// The state of a training as a safetensors object: weights, running statistics, velocities, and the losses so far.
import type { Checkpoint } from '../../proto/gen/cpral/v1/trainer.ts';
import { invalid } from '../shared/errors.ts';
import type { ParameterSpec } from '../shared/model/layers.ts';
import { readSafetensors, writeSafetensors } from '../shared/model/safetensors.ts';
import { VELOCITY_PREFIX } from '../shared/model/training-graph.ts';
import { checkWeights, type Weights, type WeightTensor } from '../shared/model/weights.ts';
import type { ObjectStore } from '../shared/objects/object-store.ts';

const LOSSES = 'history/loss';

export interface TrainingState {
  /** Steps that are done. */
  readonly step: number;
  readonly tensors: Weights;
  /** The loss of each of these steps. */
  readonly losses: readonly number[];
}

export async function writeCheckpoint(
  objects: ObjectStore,
  { step, tensors, losses }: TrainingState,
): Promise<Checkpoint> {
  const history: WeightTensor = { shape: [losses.length], data: Float32Array.from(losses) };
  return { step, state: await objects.put(writeSafetensors(new Map([...tensors, [LOSSES, history]]))) };
}

/** @throws INVALID_ARGUMENT where the checkpoint is not one of this network */
export async function readCheckpoint(
  objects: ObjectStore,
  { step, state }: Checkpoint,
  parameters: readonly ParameterSpec[],
): Promise<TrainingState> {
  if (!state) throw invalid('checkpoint.state: expected an object, got none', { field: 'checkpoint.state' });
  const tensors = readSafetensors(await objects.get(state), 'checkpoint.state');
  const losses = tensors.get(LOSSES);
  if (losses?.shape.length !== 1 || losses.shape[0] !== step) {
    const got = losses ? `[${losses.shape}]` : 'none';
    throw invalid(`checkpoint.state: expected the losses of ${step} steps, got ${got}`, { field: 'checkpoint.state' });
  }
  tensors.delete(LOSSES);
  const velocities = parameters
    .filter(({ trainable }) => trainable)
    .map((spec) => ({ ...spec, name: VELOCITY_PREFIX + spec.name }));
  checkWeights([...parameters, ...velocities], tensors, 'checkpoint.state');
  return { step, tensors, losses: [...losses.data] };
}
