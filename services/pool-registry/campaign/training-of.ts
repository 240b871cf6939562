// How the models of a campaign are trained: as it is configured, but TA-VAAL's head learns the order of a pair by cross-entropy. Not in
// the first cycle, where ranks are drawn: its training is that of all other strategies, and done once.
import { LossPredictionConfig, RankingLoss, type TrainingConfig } from '../../../proto/gen/cpral/v1/resources.ts';
import { assert } from '../../shared/errors.ts';
import type { CampaignRow } from './campaign-row.ts';
import { ranksImages } from './strategies.ts';

const PAPER_RATE = 1e-3;

export function trainingOf({
  config: { training },
  strategy,
  cycle,
}: Pick<CampaignRow, 'config' | 'strategy' | 'cycle'>): TrainingConfig {
  assert(training, 'a stored configuration has a training');
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
