// How the model of a cycle is trained: as it is configured, for as many steps as its labels are worth; but TA-VAAL's head learns the order of a pair by cross-entropy. Not in
// the first cycle, where ranks are drawn: its training is that of all other strategies, and done once.
import { LossPredictionConfig, RankingLoss, type TrainingConfig } from '../../../proto/gen/cpral/v1/resources.ts';
import { assert } from '../../shared/errors.ts';
import { grownTraining } from '../../shared/step-growth.ts';
import type { CampaignRow } from './campaign-row.ts';
import { ranksImages } from './strategies.ts';

const PAPER_RATE = 1e-3;

/** @param labelledPixels by now */
export function trainingOf(
  { config, size, strategy, cycle }: Pick<CampaignRow, 'config' | 'size' | 'strategy' | 'cycle'>,
  labelledPixels: number,
): TrainingConfig {
  assert(config.training, 'a stored configuration has a training');
  const initialPixels = config.initialImages * size.height * size.width;
  const training = grownTraining(config.training, { labelledPixels, initialPixels });
  if (!ranksImages(strategy) || cycle === 0) return training;
  const lossPrediction = LossPredictionConfig.fromPartial({
    ...(training.lossPrediction?.enabled ? training.lossPrediction : ownHead(training)),
    enabled: true,
    ranking: RankingLoss.RANKING_LOSS_CROSS_ENTROPY,
  });
  return { ...training, lossPrediction };
}

/** Of a campaign that has none otherwise: detached as published, and with the paper's product of weight and rate, above which it diverges. */
function ownHead({ learningRate }: TrainingConfig): Partial<LossPredictionConfig> {
  return { weight: Math.min(1, PAPER_RATE / learningRate), detachAfter: 0.6 };
}
