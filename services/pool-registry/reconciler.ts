// Mends what crashes leave: expired leases, messages that the bus lost, campaigns that stopped between a commit and the next step.
import { and, eq, lt, lte, sql } from 'drizzle-orm';
import { CampaignState } from '../../proto/gen/cpral/v1/resources.ts';
import type { WorkKind } from '../shared/bus/bus.ts';
import type { RegistryContext } from './context.ts';
import { openExpiredLeases } from './mend/expired-leases.ts';
import { campaignMover } from './mend/stalled-campaigns.ts';
import { campaigns, requests, workItems } from './schema.ts';

const REPUBLISH_LIMIT = 1_000;
const REQUEST_KEPT_HOURS = 24;

/** @returns one turn; what a turn leaves for the next one is remembered between them */
export function createReconciler(context: RegistryContext): () => Promise<void> {
  const { db } = context;
  const moveCampaigns = campaignMover(context);

  return async () => {
    await openExpiredLeases(context);
    await publishOpenWork(context);
    await moveCampaigns(await runningCampaigns(context));
    await db
      .delete(requests)
      .where(lt(requests.createTime, sql`now() - make_interval(hours => ${REQUEST_KEPT_HOURS})`));
  };
}

async function publishOpenWork({ db, bus, log, clock }: RegistryContext): Promise<void> {
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
}

async function runningCampaigns({ db }: RegistryContext): Promise<string[]> {
  const running = await db
    .select({ campaignId: campaigns.campaignId })
    .from(campaigns)
    .where(eq(campaigns.state, CampaignState.CAMPAIGN_STATE_RUNNING))
    .orderBy(campaigns.createTime, campaigns.campaignId);
  return running.map(({ campaignId }) => campaignId);
}

/** For a start with the database to oneself: whoever held a lease is gone. */
export async function releaseAllLeases({ db }: RegistryContext): Promise<void> {
  await db.update(workItems).set({ state: 'open', leaseToken: null }).where(eq(workItems.state, 'leased'));
}
