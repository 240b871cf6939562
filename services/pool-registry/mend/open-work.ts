// Publishes again what is open: the bus may have lost it. A page of each campaign a turn, and the next one goes on behind it, so that
// neither a campaign's first items nor the oldest campaign are all that is ever published.
import { and, eq, gt, lte } from 'drizzle-orm';
import type { WorkKind } from '../../shared/bus/bus.ts';
import type { RegistryContext } from '../context.ts';
import { workItems } from '../schema.ts';

/** Shared by the campaigns. */
const ITEMS_A_TURN = 1_000;

/** Remembers from turn to turn how far it came in each campaign. */
export function openWorkPublisher(context: RegistryContext): (running: readonly string[]) => Promise<void> {
  const { bus, log } = context;
  let reached = new Map<string, string>();

  return async (running) => {
    const limit = Math.max(1, Math.floor(ITEMS_A_TURN / running.length));
    const open: OpenItem[] = [];
    const stopped = new Map<string, string>();
    for (const campaignId of running) {
      const page = await openItems(context, campaignId, { after: reached.get(campaignId), limit });
      open.push(...page);
      const last = page.at(-1);
      // A page that is not full is the last one: the next turn begins at the front again.
      if (last && page.length === limit) stopped.set(campaignId, last.itemId);
    }
    reached = stopped;
    const published = await Promise.allSettled(
      open.map(({ itemId, kind, traceparent }) =>
        bus.publishWork(kind as WorkKind, { itemId, traceparent: traceparent ?? undefined }),
      ),
    );
    const refused = published.find((result) => result.status === 'rejected');
    if (refused) log.warn({ err: refused.reason }, 'open work not published, trying again');
  };
}

type OpenItem = Pick<typeof workItems.$inferSelect, 'itemId' | 'kind' | 'traceparent'>;

function openItems(
  { db, clock }: RegistryContext,
  campaignId: string,
  { after, limit }: { after: string | undefined; limit: number },
): Promise<OpenItem[]> {
  return db
    .select({ itemId: workItems.itemId, kind: workItems.kind, traceparent: workItems.traceparent })
    .from(workItems)
    .where(
      and(
        eq(workItems.campaignId, campaignId),
        eq(workItems.state, 'open'),
        lte(workItems.notBefore, new Date(clock.now())),
        after === undefined ? undefined : gt(workItems.itemId, after),
      ),
    )
    .orderBy(workItems.itemId)
    .limit(limit);
}
