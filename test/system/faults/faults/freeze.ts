// SIGSTOP of a worker that has an item in its hands, for longer than its lease; SIGCONT wakes it to find that another one did the work.
import { randomInteger } from '../../../../services/shared/random.ts';
import { again, type Fault, leasedItems, pause, processOf } from '../fault.ts';

const PAUSE_MS = [50, 500] as const;
const LEASES = 2;

export const freeze: Fault = (struck) => {
  const { system, random, ended, say } = struck;
  return again(struck, PAUSE_MS, async () => {
    const items = await leasedItems(struck);
    const item = items[randomInteger(random, items.length)];
    const found = item && processOf(system, item);
    if (!found) return false;
    process.kill(found.pid, 'SIGSTOP');
    say(`stopped ${found.name}, which has ${item.itemId}`);
    await pause(LEASES * system.leaseMs, ended);
    process.kill(found.pid, 'SIGCONT');
    return true;
  });
};
