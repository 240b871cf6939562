// Mends what crashes leave: expired leases, messages that the bus lost, campaigns that stopped between a commit and the next step.
import { and, eq, lt, lte, sql } from 'drizzle-orm';
import { CampaignState } from '../../proto/gen/cpral/v1/resources.ts';
import type { WorkKind } from '../shared/bus/bus.ts';
import { advance } from './campaign/state-machine.ts';
import type { RegistryContext } from './context.ts';
import { campaigns, requests, workItems } from './schema.ts';

const REPUBLISH_LIMIT = 1_000;
const REQUEST_KEPT_HOURS = 24;

export async function reconcile(context: RegistryContext): Promise<void> {
  const { db, bus, log, clock } = context;
  const now = new Date(clock.now());
  const expired = await db
    .update(workItems)
    .set({ state: 'open', leaseToken: null, cause: 'the lease expired: its worker went silent' })
    .where(and(eq(workItems.state, 'leased'), lt(workItems.leaseExpireTime, now)))
    .returning({ itemId: workItems.itemId });
  for (const { itemId } of expired) log.warn({ item: itemId }, 'lease expired');

  const open = await db
    .select({ itemId: workItems.itemId, kind: workItems.kind })
    .from(workItems)
    .innerJoin(campaigns, eq(campaigns.campaignId, workItems.campaignId))
    .where(
      and(
        eq(workItems.state, 'open'),
        lte(workItems.notBefore, now),
        eq(campaigns.state, CampaignState.CAMPAIGN_STATE_RUNNING),
      ),
    )
    .orderBy(campaigns.createTime, workItems.itemId)
    .limit(REPUBLISH_LIMIT);
  for (const { itemId, kind } of open) await bus.publishWork(kind as WorkKind, { itemId });

  const running = await db
    .select({ campaignId: campaigns.campaignId })
    .from(campaigns)
    .where(eq(campaigns.state, CampaignState.CAMPAIGN_STATE_RUNNING));
  for (const { campaignId } of running) await advance(context, campaignId);

  await db.delete(requests).where(lt(requests.createTime, sql`now() - make_interval(hours => ${REQUEST_KEPT_HOURS})`));
}

/** For a start with the database to oneself: whoever held a lease is gone. */
export async function releaseAllLeases({ db }: RegistryContext): Promise<void> {
  await db.update(workItems).set({ state: 'open', leaseToken: null }).where(eq(workItems.state, 'leased'));
}
