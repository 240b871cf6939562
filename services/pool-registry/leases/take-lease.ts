// Gives an item to a worker, where it is open and no equal work is under way or done.
import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { CampaignState } from '../../../proto/gen/cpral/v1/resources.ts';
import { Checkpoint } from '../../../proto/gen/cpral/v1/trainer.ts';
import { type WorkLease, WorkResult, WorkSpec } from '../../../proto/gen/cpral/v1/work.ts';
import { readCampaign } from '../campaign/campaign-row.ts';
import { twinBackOffMs } from '../campaign/twin-back-off.ts';
import { commitItem, findTwin, type WorkItemRow } from '../campaign/work-items.ts';
import type { Transaction } from '../database.ts';
import { workItems } from '../schema.ts';
import { lockItem } from './held-item.ts';

interface Asking {
  readonly itemId: string;
  readonly worker: string;
  readonly leaseMs: number;
  readonly nowMs: number;
}

interface Taken {
  /** Absent where the item is not to be had now. */
  readonly lease?: WorkLease;
  /** The campaign in which the item was finished by an equal one's result. */
  readonly finished?: string;
}

export async function takeLease(tx: Transaction, asking: Asking): Promise<Taken> {
  const { itemId, nowMs } = asking;
  const item = await lockItem(tx, itemId);
  const campaign = await readCampaign(tx, item.campaignId);
  const isRunning = campaign.state === CampaignState.CAMPAIGN_STATE_RUNNING;
  if (!isRunning || item.state !== 'open' || item.notBefore.getTime() > nowMs) return {};
  const twin = await findTwin(tx, item, nowMs);
  if (twin?.state === 'done') {
    await commitItem(tx, item, WorkResult.fromJSON(twin.result), twin.computeSeconds);
    return { finished: item.campaignId };
  }
  if (twin) {
    const notBefore = new Date(nowMs + twinBackOffMs(itemId, nowMs - item.createTime.getTime()));
    await tx.update(workItems).set({ notBefore }).where(eq(workItems.itemId, itemId));
    return {};
  }
  return { lease: await lend(tx, item, asking) };
}

async function lend(tx: Transaction, item: WorkItemRow, { worker, leaseMs, nowMs }: Asking): Promise<WorkLease> {
  const { itemId, campaignId, cycle } = item;
  const leaseToken = randomUUID();
  const expireTime = new Date(nowMs + leaseMs);
  const attempt = item.attempts + 1;
  await tx
    .update(workItems)
    .set({ state: 'leased', leaseToken, leaseExpireTime: expireTime, worker, attempts: attempt })
    .where(eq(workItems.itemId, itemId));
  const spec = WorkSpec.fromJSON(item.spec);
  const checkpoint = item.checkpoint ? Checkpoint.fromJSON(item.checkpoint) : undefined;
  return { itemId, leaseToken, expireTime, attempt, campaignId, cycle, spec, checkpoint };
}
