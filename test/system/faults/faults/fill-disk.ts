// The disk of the object store is full for a while: what is there can be read, nothing can be written.
import { again, type Fault, pause } from '../fault.ts';
import type { SmallDisk } from '../small-disk.ts';

const PAUSE_MS = [500, 2_000] as const;
const FULL_MS = [2_000, 15_000] as const;

export function fillDisk(disk: SmallDisk): Fault {
  return (struck) => {
    const { random, ended, say } = struck;
    return again(struck, PAUSE_MS, async () => {
      disk.fill();
      say('the disk of the store is full');
      await pause(FULL_MS[0] + random() * (FULL_MS[1] - FULL_MS[0]), ended);
      disk.free();
      say('the disk of the store has room again');
      return true;
    });
  };
}
