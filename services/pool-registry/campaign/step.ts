// What a step of the campaign is: how it is entered, what its results change, and what follows.
import type { CampaignStep } from '../../../proto/gen/cpral/v1/resources.ts';
import type { WorkResult, WorkSpec } from '../../../proto/gen/cpral/v1/work.ts';
import type { ObjectStore } from '../../shared/objects/object-store.ts';
import type { Transaction } from '../database.ts';
import type { CampaignRow } from './campaign-row.ts';

export interface Step {
  readonly step: CampaignStep;
  /**
   * Prepares the step and yields its work, a shard each: never the whole of it, for it may be over a million images. Where there is
   * none, the campaign moves on at once.
   * @throws FAILED_PRECONDITION where the campaign cannot go on with what the step before came to: it ends at once, whatever it says
   * @param objects where lists go that are too long for a specification
   */
  enter(tx: Transaction, campaign: CampaignRow, objects: ObjectStore): AsyncIterable<WorkSpec>;
  /** Commits one shard's result. */
  commit(tx: Transaction, campaign: CampaignRow, result: WorkResult): Promise<void>;
  /** What follows once all shards are committed. */
  next(campaign: CampaignRow): CampaignStep;
}
