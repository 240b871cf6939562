// Takes an item back from a worker that did not try it: its worker stops, or something that it needs is away.
import { sql } from 'drizzle-orm';
import type { Database } from '../database.ts';
import { workItems } from '../schema.ts';
import { type Held, isHeld, leaseLost } from './held-item.ts';

interface Release extends Held {
  readonly cause: string;
  readonly notBefore: Date;
}

/** @throws ABORTED where the lease is lost */
export async function releaseWork(db: Database, { cause, notBefore, ...held }: Release) {
  const { campaignId, cycle, worker, kind } = workItems;
  const [item] = await db
    .update(workItems)
    .set({
      state: 'open',
      leaseToken: null,
      cause,
      notBefore,
      // What is given back was not tried: a store that is away for an hour costs an item none of its attempts.
      attempts: sql`${workItems.attempts} - 1`,
    })
    .where(isHeld(held))
    .returning({ campaignId, cycle, worker, kind });
  if (!item) throw leaseLost(held.itemId);
  return item;
}
