// Mends what crashes leave: expired leases, messages that the bus lost, campaigns that stopped between a commit and the next step.
import { and, eq, lt, lte, sql } from 'drizzle-orm';
import { CampaignState } from '../../proto/gen/cpral/v1/resources.ts';
import type { WorkKind } from '../shared/bus/bus.ts';
import { workRetriesTotal } from '../shared/telemetry/metrics.ts';
import { lockCampaign, tryLockCampaign } from './campaign/campaign-row.ts';
import { giveUp } from './campaign/give-up.ts';
import { advance } from './campaign/state-machine.ts';
import type { RegistryContext } from './context.ts';
import { campaigns, requests, workItems } from './schema.ts';

const REPUBLISH_LIMIT = 1_000;
const REQUEST_KEPT_HOURS = 24;
/** Far more than a machine's own accidents: these are nobody's fault but the item's. */
const MAX_LEASES = 20;
const EXPIRED = 'the lease expired: its worker went silent';

export async function reconcile(context: RegistryContext): Promise<void> {
  const { db, bus, log, clock } = context;
  await endExpiredLeases(context);

  const open = await db
    .select({ itemId: workItems.itemId, kind: workItems.kind, traceparent: workItems.traceparent })
    .from(workItems)
    .innerJoin(campaigns, eq(campaigns.campaignId, workItems.campaignId))
    .where(
      and(
        eq(workItems.state, 'open'),
        lte(workItems.notBefore, new Date(clock.now())),
        eq(campaigns.state, CampaignState.CAMPAIGN_STATE_RUNNING),
      ),
    )
    .orderBy(campaigns.createTime, workItems.itemId)
    .limit(REPUBLISH_LIMIT);
  const published = await Promise.allSettled(
    open.map(({ itemId, kind, traceparent }) =>
      bus.publishWork(kind as WorkKind, { itemId, traceparent: traceparent ?? undefined }),
    ),
  );
  const refused = published.find((result) => result.status === 'rejected');
  if (refused) log.warn({ err: refused.reason }, 'open work not published, trying again');

  const running = await db
    .select({ campaignId: campaigns.campaignId })
    .from(campaigns)
    .where(eq(campaigns.state, CampaignState.CAMPAIGN_STATE_RUNNING));
  for (const { campaignId } of running) await advance(context, campaignId, tryLockCampaign);

  await db.delete(requests).where(lt(requests.createTime, sql`now() - make_interval(hours => ${REQUEST_KEPT_HOURS})`));
}

/** An item whose workers die again and again, too fast to say why, is given up like one that fails. */
async function endExpiredLeases({ db, log, clock, changes }: RegistryContext): Promise<void> {
  const expired = and(eq(workItems.state, 'leased'), lt(workItems.leaseExpireTime, new Date(clock.now())));
  const opened = await db
    .update(workItems)
    .set({ state: 'open', leaseToken: null, cause: EXPIRED })
    .where(and(expired, lt(workItems.attempts, MAX_LEASES)))
    .returning({ itemId: workItems.itemId, campaignId: workItems.campaignId, kind: workItems.kind });
  for (const { kind } of opened) workRetriesTotal.inc({ kind, reason: 'expired' });
  const spent = await db
    .select({ itemId: workItems.itemId, campaignId: workItems.campaignId })
    .from(workItems)
    .where(expired);
  for (const { itemId, campaignId } of spent) {
    await db.transaction(async (tx) => {
      const campaign = await lockCampaign(tx, campaignId);
      const [item] = await tx
        .select()
        .from(workItems)
        .where(and(eq(workItems.itemId, itemId), expired))
        .for('update');
      if (item) await giveUp(tx, campaign, item, `${EXPIRED}, ${item.attempts} times`);
    });
  }
  for (const { itemId, campaignId } of [...opened, ...spent]) {
    log.warn({ campaign: campaignId, item: itemId }, 'lease expired');
    changes.notify(campaignId);
  }
}

/** For a start with the database to oneself: whoever held a lease is gone. */
export async function releaseAllLeases({ db }: RegistryContext): Promise<void> {
  await db.update(workItems).set({ state: 'open', leaseToken: null }).where(eq(workItems.state, 'leased'));
}
