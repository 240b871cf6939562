// Items whose workers went silent: opened again, or given up where too many of them did.
import { and, eq, gte, lt } from 'drizzle-orm';
import { workRetriesTotal } from '../../shared/telemetry/metrics.ts';
import { lockCampaign } from '../campaign/campaign-row.ts';
import { giveUp } from '../campaign/give-up.ts';
import type { RegistryContext } from '../context.ts';
import { workItems } from '../schema.ts';

/** Far more than a machine's own accidents: these are nobody's fault but the item's. */
const MAX_LEASES = 20;
const EXPIRED = 'the lease expired: its worker went silent';

function isExpired({ clock }: RegistryContext) {
  return and(eq(workItems.state, 'leased'), lt(workItems.leaseExpireTime, new Date(clock.now())));
}

export async function openExpiredLeases(context: RegistryContext): Promise<void> {
  const { db, log, changes } = context;
  const opened = await db
    .update(workItems)
    .set({ state: 'open', leaseToken: null, cause: EXPIRED })
    .where(and(isExpired(context), lt(workItems.attempts, MAX_LEASES)))
    .returning({ itemId: workItems.itemId, campaignId: workItems.campaignId, kind: workItems.kind });
  for (const { itemId, campaignId, kind } of opened) {
    workRetriesTotal.inc({ kind, reason: 'expired' });
    log.warn({ campaign: campaignId, item: itemId }, 'lease expired');
    changes.notify(campaignId);
  }
}

export interface SpentItem {
  readonly itemId: string;
  readonly campaignId: string;
}

/** Whose workers die again and again, too fast to say why. */
export function spentItems(context: RegistryContext): Promise<SpentItem[]> {
  return context.db
    .select({ itemId: workItems.itemId, campaignId: workItems.campaignId })
    .from(workItems)
    .where(and(isExpired(context), gte(workItems.attempts, MAX_LEASES)));
}

/** As after its last failure. */
export async function giveUpSpent(context: RegistryContext, { itemId, campaignId }: SpentItem): Promise<void> {
  const { db, log, changes } = context;
  await db.transaction(async (tx) => {
    const campaign = await lockCampaign(tx, campaignId);
    const [item] = await tx
      .select()
      .from(workItems)
      .where(and(eq(workItems.itemId, itemId), isExpired(context)))
      .for('update');
    if (item) await giveUp(tx, campaign, item, `${EXPIRED}, ${item.attempts} times`);
  });
  log.warn({ campaign: campaignId, item: itemId }, 'lease expired for the last time');
  changes.notify(campaignId);
}
