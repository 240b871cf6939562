// How many images are to be picked where the subset is chosen over all of them by one piece of work.
import { and, eq } from 'drizzle-orm';
import { PoolState } from '../../../proto/gen/cpral/v1/resources.ts';
import type { Transaction } from '../database.ts';
import { poolItems } from '../schema.ts';
import type { CampaignRow } from './campaign-row.ts';
import { cycleBudget } from './cycle-budget.ts';
import { labelsWholeImages } from './strategies.ts';

/** A partly labelled image counts for its unlabelled share only: with one pick more for each of them the subset is full in any case. */
export async function picksForSubset(tx: Transaction, campaign: CampaignRow): Promise<number> {
  const { campaignId, config, strategy } = campaign;
  if (labelsWholeImages(strategy)) return cycleBudget(campaign).regions;
  const partly = and(eq(poolItems.campaignId, campaignId), eq(poolItems.state, PoolState.POOL_STATE_PARTLY_LABELLED));
  return config.subsetImages + (await tx.$count(poolItems, partly));
}
