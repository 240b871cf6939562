// How long an item waits whose equal is in a worker's hands. When that one is done, both are: whoever asks before asks in vain, the more
// so the longer it takes. Pure.
import { seededRandom } from '../../shared/random.ts';

const SHORTEST_MS = 2_000;
/** Where the other one is cancelled this is what it costs. */
const LONGEST_MS = 30_000;
/** Of the time waited so far: waits grow by half each. */
const GROWTH = 0.5;
/** Items that were opened together are not asked for together. */
const JITTER = 0.25;

/** @param waitedMs since the item was opened */
export function twinBackOffMs(itemId: string, waitedMs: number): number {
  const delayMs = Math.min(Math.max(GROWTH * waitedMs, SHORTEST_MS), LONGEST_MS);
  const random = seededRandom('twin', itemId, Math.round(waitedMs));
  return Math.round(delayMs * (1 - JITTER * random()));
}
