// What a training specification asks for, checked, with everything that follows from it worked out.
import {
  ClassWeighting,
  type ImageSize,
  LearningRateSchedule,
  type NetworkConfig,
  RankingLoss,
  type TrainingConfig,
} from '../../proto/gen/cpral/v1/resources.ts';
import type { TrainSpec } from '../../proto/gen/cpral/v1/trainer.ts';
import { checkClassCount, checkSize } from '../shared/check-spec.ts';
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
  checkWhole('training.batch_size', batchSize, MAX_BATCH);
  if (lossPrediction?.enabled && batchSize % 2 !== 0) {
    throw invalid(`training.batch_size: expected an even number with loss prediction, got ${batchSize}`, {
      field: 'training.batch_size',
    });
  }
  if (lossPrediction?.enabled) {
    checkNumber('training.loss_prediction.margin', lossPrediction.margin, 1_000);
    checkNumber('training.loss_prediction.weight', lossPrediction.weight, 1_000);
    checkNumber('training.loss_prediction.detach_after', lossPrediction.detachAfter, 1);
    checkRanking('training.loss_prediction.ranking', lossPrediction.ranking);
  }
  checkNumber('training.learning_rate', config.learningRate, 100);
  checkNumber('training.momentum', config.momentum, 1);
  checkNumber('training.weight_decay', config.weightDecay, 1);
  if (config.schedule === LearningRateSchedule.LEARNING_RATE_SCHEDULE_UNSPECIFIED) {
    throw invalid('training.schedule: expected a learning-rate schedule, got none', { field: 'training.schedule' });
  }
  if (config.classWeighting === ClassWeighting.CLASS_WEIGHTING_UNSPECIFIED) {
    throw invalid('training.class_weighting: expected a class weighting, got none', {
      field: 'training.class_weighting',
    });
  }
  if (config.steps === 0) checkWhole('training.epochs', config.epochs, MAX_STEPS);
  const steps = config.steps === 0 ? Math.ceil((config.epochs * samples) / batchSize) : config.steps;
  checkWhole('training.steps', steps, MAX_STEPS);
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

function checkRanking(field: string, ranking: RankingLoss | undefined): void {
  if (ranking === undefined || Object.values<number>(RankingLoss).includes(ranking)) return;
  throw invalid(`${field}: expected hinge or cross-entropy, got ${ranking}`, { field });
}

function checkWhole(field: string, value: number, max: number): void {
  if (!Number.isInteger(value) || value < 1 || value > max) {
    throw invalid(`${field}: expected a whole number from 1 to ${max}, got ${value}`, { field });
  }
}

function checkNumber(field: string, value: number, max: number): void {
  if (!(value >= 0 && value <= max))
    throw invalid(`${field}: expected a number from 0 to ${max}, got ${value}`, { field });
}
