// How the models of a campaign are trained: as it is configured, but TA-VAAL's head learns the order of a pair by cross-entropy. Not in
// the first cycle, where ranks are drawn: its training is that of all other strategies, and done once.
import { LossPredictionConfig, RankingLoss, type TrainingConfig } from '../../../proto/gen/cpral/v1/resources.ts';
import { assert } from '../../shared/errors.ts';
import type { CampaignRow } from './campaign-row.ts';
import { ranksImages } from './strategies.ts';

export function trainingOf({
  config: { training },
  strategy,
  cycle,
}: Pick<CampaignRow, 'config' | 'strategy' | 'cycle'>): TrainingConfig {
  assert(training, 'a stored configuration has a training');
  if (!ranksImages(strategy) || cycle === 0) return training;
  const lossPrediction = LossPredictionConfig.fromPartial({
    // Where the campaign leaves the head out.
    ...(training.lossPrediction?.enabled ? training.lossPrediction : { weight: 1, detachAfter: 1 }),
    enabled: true,
    ranking: RankingLoss.RANKING_LOSS_CROSS_ENTROPY,
  });
  return { ...training, lossPrediction };
}
