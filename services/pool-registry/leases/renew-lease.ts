// Keeps an item for the worker that has it, with how far it has come.
import { and, sql } from 'drizzle-orm';
import { Checkpoint, type Progress } from '../../../proto/gen/cpral/v1/trainer.ts';
import type { Database } from '../database.ts';
import { workItems } from '../schema.ts';
import { type Held, isHeld, leaseLost, ofCampaignNotEnded } from './held-item.ts';

interface Renewal extends Held {
  readonly progress: Progress | undefined;
  readonly expireTime: Date;
}

/**
 * @returns the item's campaign
 * @throws ABORTED where the lease is lost or the campaign has ended
 */
export async function renewLease(
  db: Database,
  { itemId, leaseToken, progress, expireTime }: Renewal,
): Promise<{ campaignId: string }> {
  const [item] = await db
    .update(workItems)
    .set({
      leaseExpireTime: expireTime,
      ...(progress && { unitsDone: progress.unitsDone, unitsTotal: progress.unitsTotal, message: progress.message }),
      ...(progress?.checkpoint && checkpointed(progress.checkpoint)),
    })
    .where(and(isHeld({ itemId, leaseToken }), ofCampaignNotEnded()))
    .returning({ campaignId: workItems.campaignId });
  if (!item) throw leaseLost(itemId);
  return item;
}

/** An item that comes further lives on: what its workers died of before this checkpoint is not counted against it any more. */
function checkpointed(checkpoint: Checkpoint) {
  const before = sql`coalesce((${workItems.checkpoint}->>'step')::int, 0)`;
  return {
    checkpoint: Checkpoint.toJSON(checkpoint),
    attempts: sql`case when ${checkpoint.step} > ${before} then 1 else ${workItems.attempts} end`,
  };
}
