// A training step's losses and gradients by TensorFlow.js.
import type { Tensor, Variable } from '@tensorflow/tfjs-node-gpu';
import { type ParameterSpec, trainingLayers } from '../../services/shared/model/layers.ts';
import type { Operations } from '../../services/shared/model/operations.ts';
import { type TrainingLossOptions, trainingLoss } from '../../services/shared/model/training-loss.ts';
import type { Weights } from '../../services/shared/model/weights.ts';
import { tf } from './eager-operations.ts';

export interface EagerTraining {
  readonly segmentation: number;
  readonly ranking: number;
  /** By parameter. */
  readonly gradients: ReadonlyMap<string, Float32Array>;
  /** New running means and variances, by parameter. */
  readonly statistics: ReadonlyMap<string, Float32Array>;
}

export function trainEagerly(
  operations: Operations<Tensor>,
  { parameters, weights }: { readonly parameters: readonly ParameterSpec[]; readonly weights: Weights },
  options: TrainingLossOptions<Tensor>,
): EagerTraining {
  const variables = new Map<string, Variable>(
    parameters.map(({ name, shape, trainable }) => [
      name,
      tf.variable(tf.tensor(weights.get(name)!.data, [...shape]), trainable, name),
    ]),
  );
  const statistics = new Map<string, Float32Array>();
  const losses = { segmentation: 0, ranking: 0 };
  const { grads } = tf.variableGrads(() => {
    const layers = trainingLayers(
      operations,
      ({ name }): Tensor => variables.get(name)!,
      ({ name, value }) => statistics.set(name, value.dataSync<'float32'>()),
    );
    const { total, segmentation, ranking } = trainingLoss(layers, options);
    losses.segmentation = segmentation.dataSync()[0]!;
    losses.ranking = ranking.dataSync()[0]!;
    return total.asScalar();
  });
  const gradients = new Map(Object.entries(grads).map(([name, value]) => [name, value.dataSync<'float32'>()]));
  tf.disposeVariables();
  return { ...losses, gradients, statistics };
}
