// How much work waits, and who is at it.
import { WorkItemState } from '../../../proto/gen/cpral/v1/resources.ts';
import type { BusyWorker, QueueDepth, WorkSummary, WorkView } from '../dashboard-types.ts';
import { workItemsOf } from '../registry/ask-registry.ts';
import { firstOf, type Registry } from '../registry/registry.ts';
import { workView } from '../views/work-view.ts';

/** More than a person can make use of; the registry's metrics count without a limit. */
const MAX_COUNTED = 2_000;
const { WORK_ITEM_STATE_OPEN, WORK_ITEM_STATE_LEASED, WORK_ITEM_STATE_PARKED } = WorkItemState;

export async function readWorkSummary(registry: Registry): Promise<WorkSummary> {
  // Those that are worked on first: they are few, and must not be hidden behind what waits.
  const leased = await firstOf(
    workItemsOf(registry, { campaignId: '', states: [WORK_ITEM_STATE_LEASED] }),
    MAX_COUNTED,
  );
  const waiting = await firstOf(
    workItemsOf(registry, { campaignId: '', states: [WORK_ITEM_STATE_OPEN, WORK_ITEM_STATE_PARKED] }),
    MAX_COUNTED,
  );
  const items = [...leased.list, ...waiting.list].map(workView);
  return { ...summarize(items), truncated: leased.truncated || waiting.truncated };
}

/** @returns queues by kind, workers by name */
export function summarize(items: readonly WorkView[]): Pick<WorkSummary, 'queues' | 'workers'> {
  const queues = new Map<string, { -readonly [Name in keyof QueueDepth]: QueueDepth[Name] }>();
  const workers: BusyWorker[] = [];
  for (const { kind, state, worker, itemId, campaignId, unitsDone, unitsTotal, leaseExpiresAt } of items) {
    const queue = queues.get(kind) ?? { kind, open: 0, leased: 0, parked: 0 };
    queues.set(kind, queue);
    if (state === 'open' || state === 'leased' || state === 'parked') queue[state]++;
    if (state === 'leased') workers.push({ worker, kind, itemId, campaignId, unitsDone, unitsTotal, leaseExpiresAt });
  }
  const byName = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return {
    queues: [...queues.values()].sort((a, b) => byName(a.kind, b.kind)),
    workers: workers.sort((a, b) => byName(a.worker, b.worker) || byName(a.itemId, b.itemId)),
  };
}
