// SIGSTOP of a worker that has an item in its hands, for longer than its lease; SIGCONT wakes it to find that another one did the work.
import { WorkItemState } from '../../../../proto/gen/cpral/v1/resources.ts';
import { call } from '../../../../services/shared/grpc/client.ts';
import { randomInteger } from '../../../../services/shared/random.ts';
import { again, type Fault, pause, type Struck } from '../fault.ts';

const PAUSE_MS = [50, 500] as const;
const DEADLINE_MS = 5_000;

export const freeze: Fault = (struck) => {
  const { system, ended, say } = struck;
  return again(struck, PAUSE_MS, async () => {
    const found = await busyWorker(struck);
    if (!found) return false;
    const [name, pid] = found;
    process.kill(pid, 'SIGSTOP');
    say(`stopped ${name}`);
    await pause(2 * system.leaseMs, ended);
    process.kill(pid, 'SIGCONT');
    return true;
  });
};

/** The item says who has it: SERVICE@HOST/PID. */
async function busyWorker({ system, random, campaignId }: Struck): Promise<[name: string, pid: number] | undefined> {
  const { registry, processes } = system;
  const states = [WorkItemState.WORK_ITEM_STATE_LEASED];
  const request = { campaignId, states, pageSize: 0, pageToken: '' };
  const { items } = await call(registry.listWorkItems.bind(registry), request, { deadlineMs: DEADLINE_MS });
  const item = items[randomInteger(random, items.length)];
  const pid = Number(item?.worker.split('/').at(-1));
  const entry = [...processes].find(([, supervised]) => supervised.pid() === pid);
  return entry && [entry[0], pid];
}
