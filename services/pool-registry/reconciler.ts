// Mends what crashes leave: expired leases, messages that the bus lost, campaigns that stopped between a commit and the next step,
// imports that were cut off.
import { eq, lt, sql } from 'drizzle-orm';
import { CampaignState } from '../../proto/gen/cpral/v1/resources.ts';
import { expireLeases } from './annotation/expire-leases.ts';
import type { RegistryContext } from './context.ts';
import type { Exclusively } from './database/locks.ts';
import { openExpiredLeases, spentItems } from './mend/expired-leases.ts';
import { openWorkPublisher } from './mend/open-work.ts';
import { deleteStaleImports } from './mend/stale-imports.ts';
import { campaignMover } from './mend/stalled-campaigns.ts';
import { campaigns, requests, workItems } from './schema.ts';

const REQUEST_KEPT_HOURS = 24;
/** From the end of a turn to the next one. */
export const RECONCILE_INTERVAL_MS = 2_000;
/** What is kept for hours need not be looked for in every turn. */
const CLEAN_INTERVAL_MS = 60_000;
/** Of a lease: whoever could not renew it for so long still has the rest of it. */
const UNNOTICED_SHARE = 1 / 2;

/** @returns one turn, or none where another replica has its own; what a turn leaves for the next one is remembered between them */
export function createReconciler(context: RegistryContext, exclusively: Exclusively = here): () => Promise<void> {
  const { db, clock, leaseMs } = context;
  const publishOpenWork = openWorkPublisher(context);
  const moveCampaigns = campaignMover(context);
  /** When the last turn ended that went well, and whether it had come late. */
  let wellMs = Number.NEGATIVE_INFINITY;
  let wasLate = false;
  /** Workers could not renew while this process, or its database, was away or slept: until then they may, and nothing expires. */
  let graceMs = Number.NEGATIVE_INFINITY;
  let cleanMs = Number.NEGATIVE_INFINITY;

  const turn = async () => {
    const expires = clock.now() >= graceMs;
    if (expires) await openExpiredLeases(context);
    const running = await runningCampaigns(context);
    await publishOpenWork(running);
    await moveCampaigns(running, expires ? await spentItems(context) : []);
    await expireLeases(db, clock.now());
    if (clock.now() < cleanMs) return;
    if (await clean(context)) cleanMs = clock.now() + CLEAN_INTERVAL_MS;
  };

  return async () => {
    const isLate = clock.now() - wellMs > RECONCILE_INTERVAL_MS + leaseMs * UNNOTICED_SHARE;
    // Late once is an outage. Late every time is a slow machine, on which leases would else never end.
    if (isLate && !wasLate) graceMs = clock.now() + leaseMs;
    await exclusively('reconcile', turn);
    wasLate = isLate;
    wellMs = clock.now();
  };
}

const here: Exclusively = (_, turn) => turn();

/** @returns whether nothing is left to clean */
async function clean(context: RegistryContext): Promise<boolean> {
  const isMore = await deleteStaleImports(context);
  await context.db
    .delete(requests)
    .where(lt(requests.createTime, sql`now() - make_interval(hours => ${REQUEST_KEPT_HOURS})`));
  return !isMore;
}

async function runningCampaigns({ db }: RegistryContext): Promise<string[]> {
  const running = await db
    .select({ campaignId: campaigns.campaignId })
    .from(campaigns)
    .where(eq(campaigns.state, CampaignState.CAMPAIGN_STATE_RUNNING))
    .orderBy(campaigns.createTime, campaigns.campaignId);
  return running.map(({ campaignId }) => campaignId);
}

/** For a start where all workers were in the process that has ended: whoever held a lease is gone. */
export async function releaseAllLeases({ db }: RegistryContext): Promise<void> {
  await db.update(workItems).set({ state: 'open', leaseToken: null }).where(eq(workItems.state, 'leased'));
}
