// The only registry is away while workers have items in their hands, for longer than their leases: it is stopped, so that no time passes
// for it, and refuses connections. They finish meanwhile, and none of it may be computed again: the results wait.
import { type WorkItem, WorkItemState } from '../../../../proto/gen/cpral/v1/resources.ts';
import { call } from '../../../../services/shared/grpc/client.ts';
import { again, type Fault, leasedItems, pause, type Struck } from '../fault.ts';

const PAUSE_MS = [50, 500] as const;
const AWAY_MS = 40_000;
const POLL_MS = 200;
const DEADLINE_MS = 5_000;
const SETTLED_LIMIT_MS = 30_000;

export const registryAway: Fault = (struck) => {
  const { system, ended, say } = struck;
  return again(struck, PAUSE_MS, async () => {
    const items = await leasedItems(struck);
    const pid = system.processes.get('pool-registry')?.pid();
    const link = system.links.get('registry-1');
    if (items.length === 0 || pid === undefined || link === undefined) return false;
    process.kill(pid, 'SIGSTOP');
    await link.cut();
    say(`took the registry away while ${items.map(({ itemId }) => itemId)} were in work`);
    await pause(AWAY_MS, ended);
    await link.mend();
    process.kill(pid, 'SIGCONT');
    for (const item of await settled(struck, items)) {
      if (item.attempts > 1) throw new Error(`${item.itemId} was begun anew, its result was dropped`);
    }
    return true;
  });
};

async function settled(struck: Struck, items: readonly WorkItem[]): Promise<WorkItem[]> {
  const { registry } = struck.system;
  const wanted = new Set(items.map(({ itemId }) => itemId));
  const request = {
    campaignId: struck.campaignId,
    states: [WorkItemState.WORK_ITEM_STATE_DONE],
    ...{ pageSize: 1_000, pageToken: '' },
  };
  const end = Date.now() + SETTLED_LIMIT_MS;
  while (Date.now() < end) {
    const list = registry.listWorkItems.bind(registry);
    const answer = await call(list, request, { deadlineMs: DEADLINE_MS }).catch(() => undefined);
    const done = (answer?.items ?? []).filter(({ itemId }) => wanted.has(itemId));
    if (done.length === wanted.size) return done;
    await pause(POLL_MS, new AbortController().signal);
  }
  throw new Error(`${[...wanted]} were not done ${SETTLED_LIMIT_MS / 1_000} s after the registry came back`);
}
