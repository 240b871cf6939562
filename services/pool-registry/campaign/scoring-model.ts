// The cycle's model as workers take it.
import { and, eq } from 'drizzle-orm';
import type { ScoringModel } from '../../../proto/gen/cpral/v1/panoptic_scorer.ts';
import { Model } from '../../../proto/gen/cpral/v1/resources.ts';
import { assert } from '../../shared/errors.ts';
import { refBlob } from '../../shared/objects/blob.ts';
import type { Transaction } from '../database.ts';
import { models } from '../schema.ts';
import type { CampaignRow } from './campaign-row.ts';

export async function scoringModel(tx: Transaction, { campaignId, cycle }: CampaignRow): Promise<ScoringModel> {
  const [row] = await tx
    .select({ model: models.model })
    .from(models)
    .where(and(eq(models.campaignId, campaignId), eq(models.cycle, cycle)));
  assert(row, 'a cycle is scored after its training');
  const { network, classCount, size, weights } = Model.fromJSON(row.model);
  assert(weights, 'a model has weights');
  return { network, classCount, size, weights: refBlob(weights) };
}
