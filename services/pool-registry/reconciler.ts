// Mends what crashes leave: expired leases, messages that the bus lost, campaigns that stopped between a commit and the next step.
import { eq, lt, sql } from 'drizzle-orm';
import { CampaignState } from '../../proto/gen/cpral/v1/resources.ts';
import type { RegistryContext } from './context.ts';
import { openExpiredLeases } from './mend/expired-leases.ts';
import { openWorkPublisher } from './mend/open-work.ts';
import { campaignMover } from './mend/stalled-campaigns.ts';
import { campaigns, requests, workItems } from './schema.ts';

const REQUEST_KEPT_HOURS = 24;

/** @returns one turn; what a turn leaves for the next one is remembered between them */
export function createReconciler(context: RegistryContext): () => Promise<void> {
  const { db } = context;
  const publishOpenWork = openWorkPublisher(context);
  const moveCampaigns = campaignMover(context);

  return async () => {
    await openExpiredLeases(context);
    const running = await runningCampaigns(context);
    await publishOpenWork(running);
    await moveCampaigns(running);
    await db
      .delete(requests)
      .where(lt(requests.createTime, sql`now() - make_interval(hours => ${REQUEST_KEPT_HOURS})`));
  };
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
