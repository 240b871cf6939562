// The cycle's model as workers take it.
import { and, eq } from 'drizzle-orm';
import type { ScoringModel } from '../../../proto/gen/cpral/v1/panoptic_scorer.ts';
import { type Evaluation, Model } from '../../../proto/gen/cpral/v1/resources.ts';
import { assert } from '../../shared/errors.ts';
import { refBlob } from '../../shared/objects/blob.ts';
import type { Transaction } from '../database.ts';
import { models } from '../schema.ts';
import type { CampaignRow } from './campaign-row.ts';

export async function scoringModel(tx: Transaction, campaign: CampaignRow): Promise<ScoringModel> {
  const { network, classCount, size, weights } = await cycleModel(tx, campaign);
  assert(weights, 'a model has weights');
  return { network, classCount, size, weights: refBlob(weights) };
}

/** What the cycle's model scored on the validation images. */
export async function evaluationOf(tx: Transaction, campaign: CampaignRow): Promise<Evaluation> {
  const { evaluation } = await cycleModel(tx, campaign);
  assert(evaluation, 'a model was evaluated');
  return evaluation;
}

async function cycleModel(tx: Transaction, { campaignId, cycle }: CampaignRow): Promise<Model> {
  const [row] = await tx
    .select({ model: models.model })
    .from(models)
    .where(and(eq(models.campaignId, campaignId), eq(models.cycle, cycle)));
  assert(row, 'a cycle is scored after its training');
  return Model.fromJSON(row.model);
}
