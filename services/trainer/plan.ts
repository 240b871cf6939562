// What a training specification asks for, checked, with everything that follows from it worked out.
import {
  ClassWeighting,
  type ImageSize,
  LearningRateSchedule,
  type LossPredictionConfig,
  type NetworkConfig,
  RankingLoss,
  type TrainingConfig,
} from '../../proto/gen/cpral/v1/resources.ts';
import type { TrainSpec } from '../../proto/gen/cpral/v1/trainer.ts';
import { checkClassCount, checkEnum, checkNumber, checkSize, checkWhole } from '../shared/check-spec.ts';
import { invalid } from '../shared/errors.ts';
import { checkNetwork } from '../shared/model/check-network.ts';
import { lengthOf } from '../shared/objects/stored-list.ts';
import { trainingList } from './samples.ts';

const MAX_BATCH = 256;
const MAX_STEPS = 10_000_000;

export interface TrainingPlan {
  readonly config: TrainingConfig;
  readonly network: NetworkConfig;
  readonly classCount: number;
  readonly size: ImageSize;
  readonly steps: number;
  /** Steps in which the loss-prediction head's gradient flows into the encoder. */
  readonly headSteps: number;
  readonly seed: number;
}

/** @throws INVALID_ARGUMENT naming the field */
export function planTraining(spec: TrainSpec | undefined): TrainingPlan {
  const config = spec?.config;
  if (!spec || !config) throw invalid('training: expected a configuration, got none', { field: 'training' });
  const { batchSize, lossPrediction } = config;
  const samples = lengthOf(trainingList(spec), 'train');
  if (samples === 0) throw invalid('train: expected labelled images, got none', { field: 'train' });
  checkWhole('training.batch_size', batchSize, 1, MAX_BATCH);
  if (lossPrediction?.enabled && batchSize % 2 !== 0) {
    throw invalid(`training.batch_size: expected an even number with loss prediction, got ${batchSize}`, {
      field: 'training.batch_size',
    });
  }
  if (lossPrediction?.enabled) checkLossPrediction(lossPrediction);
  checkNumber('training.learning_rate', config.learningRate, 0, 100);
  checkNumber('training.momentum', config.momentum, 0, 1);
  checkNumber('training.weight_decay', config.weightDecay, 0, 1);
  // Who knows how much is labelled has grown the steps.
  checkNumber('training.step_growth', config.stepGrowth, 0, 0);
  checkEnum('training.schedule', config.schedule, {
    values: LearningRateSchedule,
    expected: 'a learning-rate schedule',
    least: 1,
  });
  checkEnum('training.class_weighting', config.classWeighting, {
    values: ClassWeighting,
    expected: 'a class weighting',
    least: 1,
  });
  checkWhole('training.epochs', config.epochs, config.steps === 0 ? 1 : 0, MAX_STEPS);
  const steps = config.steps === 0 ? Math.ceil((config.epochs * samples) / batchSize) : config.steps;
  checkWhole('training.steps', steps, 1, MAX_STEPS);
  return {
    config,
    network: checkNetwork(config.network),
    classCount: checkClassCount(spec.classCount),
    size: checkSize(spec.size),
    steps,
    headSteps: Math.round(steps * (lossPrediction?.detachAfter ?? 0)),
    seed: spec.seed,
  };
}

function checkLossPrediction({ margin, weight, detachAfter, ranking }: LossPredictionConfig): void {
  checkNumber('training.loss_prediction.margin', margin, 0, 1_000);
  checkNumber('training.loss_prediction.weight', weight, 0, 1_000);
  checkNumber('training.loss_prediction.detach_after', detachAfter, 0, 1);
  checkEnum('training.loss_prediction.ranking', ranking ?? RankingLoss.RANKING_LOSS_UNSPECIFIED, {
    values: RankingLoss,
    expected: 'hinge or cross-entropy',
  });
}
