// The weights that a training starts from: fresh ones by the seed, and the encoder's where they are given.
import { invalid } from '../shared/errors.ts';
import { freshWeights } from '../shared/model/fresh-weights.ts';
import type { ParameterSpec } from '../shared/model/layers.ts';
import { readSafetensors } from '../shared/model/safetensors.ts';
import { checkWeights, type Weights } from '../shared/model/weights.ts';
import type { ObjectStore } from '../shared/objects/object-store.ts';
import type { TrainingPlan } from './plan.ts';

const SOURCE = 'training.encoder_weights';

/** @throws INVALID_ARGUMENT where the encoder's weights are not those of this network's encoder */
export async function initialWeights(
  objects: ObjectStore,
  { config, seed }: TrainingPlan,
  parameters: readonly ParameterSpec[],
): Promise<Weights> {
  const fresh = freshWeights(parameters, seed);
  if (!config.encoderWeights) return fresh;
  const encoder = readSafetensors(await objects.get(config.encoderWeights), SOURCE);
  checkWeights(
    parameters.filter(({ name }) => name.startsWith('encoder/')),
    encoder,
    SOURCE,
  );
  for (const [name, { data }] of encoder) {
    if (name.endsWith('/variance') && data.some((value) => value < 0)) {
      throw invalid(`${SOURCE}: ${name}: expected variances of at least 0`, { field: SOURCE });
    }
  }
  return new Map([...fresh, ...encoder]);
}
