// A campaign as the steps see it: its row, read and typed.
import { createHash } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import {
  CampaignConfig,
  type CampaignStep,
  ClassMap,
  type ImageSize,
  Strategy,
} from '../../../proto/gen/cpral/v1/resources.ts';
import { assert, CpralError } from '../../shared/errors.ts';
import type { Database, Transaction } from '../database.ts';
import { campaigns, datasets } from '../schema.ts';
import { strategyNamed } from './strategies.ts';

export interface CampaignRow {
  readonly campaignId: string;
  readonly datasetKey: number;
  readonly config: CampaignConfig;
  readonly size: ImageSize;
  readonly strategy: Strategy;
  readonly classCount: number;
  readonly state: number;
  readonly step: CampaignStep;
  readonly cycle: number;
  readonly version: number;
}

/** What the steps need of it: it is read after every result. */
const COLUMNS = {
  datasetKey: campaigns.datasetKey,
  config: campaigns.config,
  strategy: campaigns.strategy,
  state: campaigns.state,
  step: campaigns.step,
  cycle: campaigns.cycle,
  version: campaigns.version,
  classMap: datasets.classMap,
};

/**
 * Locks the campaign's row until the transaction ends: transitions of one campaign happen one after the other. Rows that only
 * refer to the campaign can still be inserted by others, so a result is committed beside a transition. Where a transaction locks a
 * campaign and its work items, the campaign comes first: in one order nobody waits in a circle.
 */
export async function lockCampaign(tx: Transaction, campaignId: string): Promise<CampaignRow> {
  await tx.execute(sql`select 1 from ${campaigns} where ${campaigns.campaignId} = ${campaignId} for no key update`);
  return readCampaign(tx, campaignId);
}

/** Undefined where somebody else holds it: a step over a large pool takes long to enter. */
export async function tryLockCampaign(tx: Transaction, campaignId: string): Promise<CampaignRow | undefined> {
  const free = await tx
    .select({ campaignId: campaigns.campaignId })
    .from(campaigns)
    .where(eq(campaigns.campaignId, campaignId))
    .for('no key update', { skipLocked: true });
  return free.length > 0 ? readCampaign(tx, campaignId) : undefined;
}

export async function readCampaign(tx: Database | Transaction, campaignId: string): Promise<CampaignRow> {
  const [row] = await tx
    .select(COLUMNS)
    .from(campaigns)
    .innerJoin(datasets, eq(campaigns.datasetKey, datasets.key))
    .where(eq(campaigns.campaignId, campaignId));
  if (!row) throw new CpralError('NOT_FOUND', `campaign "${campaignId}" does not exist`, { field: 'campaign_id' });
  const config = CampaignConfig.fromJSON(row.config);
  assert(config.size, 'a stored configuration has a size');
  return {
    campaignId,
    datasetKey: row.datasetKey,
    config,
    size: config.size,
    strategy: keptStrategy(row),
    classCount: ClassMap.fromJSON(row.classMap).classes.length,
    state: row.state,
    step: row.step as CampaignStep,
    cycle: row.cycle,
    version: row.version,
  };
}

export function keptStrategy({
  strategy,
  config,
}: Pick<typeof campaigns.$inferSelect, 'strategy' | 'config'>): Strategy {
  return strategy ? Strategy.fromJSON(strategy) : strategyNamed(CampaignConfig.fromJSON(config).strategy);
}

/** A seed for one purpose, from the campaign's: equal purposes in equal campaigns get equal seeds. */
export function deriveSeed(seed: number, ...purpose: (string | number)[]): number {
  return createHash('sha256')
    .update([seed, ...purpose].join('/'))
    .digest()
    .readUInt32LE(0);
}
