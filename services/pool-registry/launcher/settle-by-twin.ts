// Equal work that is done already: its result is committed at once, and no pod starts to hear of it.
import { and, eq } from 'drizzle-orm';
import { WorkResult } from '../../../proto/gen/cpral/v1/work.ts';
import { advance } from '../campaign/state-machine.ts';
import { commitItem, findTwin } from '../campaign/work-items.ts';
import type { RegistryContext } from '../context.ts';
import { workItems } from '../schema.ts';

/** @returns whether there is nothing left to do for this item, now */
export async function settleByTwin(context: RegistryContext, itemId: string): Promise<boolean> {
  const { twin, campaignId } = await context.db.transaction(async (tx) => {
    const ofItem = and(eq(workItems.itemId, itemId), eq(workItems.state, 'open'));
    const [item] = await tx.select().from(workItems).where(ofItem).for('update');
    if (!item) return { twin: 'gone' as const };
    const found = await findTwin(tx, item, context.clock.now());
    if (found?.state === 'done') await commitItem(tx, item, WorkResult.fromJSON(found.result), found.computeSeconds);
    return { twin: found?.state, campaignId: item.campaignId };
  });
  if (twin === 'done' && campaignId !== undefined) await advance(context, campaignId);
  return twin !== undefined;
}
