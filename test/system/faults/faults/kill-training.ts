// kill -9 of whoever trains, at steps that the seed chooses. What the next one goes on from is the last checkpoint.
import { shuffle } from '../../../../services/shared/random.ts';
import { type Fault, leasedItems, pause, processOf } from '../fault.ts';

const POLL_MS = 50;

export function killTraining(steps: number): Fault {
  return async (struck) => {
    const { system, random, ended, maxStrikes, say } = struck;
    const candidates = Array.from({ length: steps - 1 }, (_, i) => i + 1);
    const kills = shuffle(candidates, random)
      .slice(0, maxStrikes)
      .sort((a, b) => a - b);
    let strikes = 0;
    while (strikes < kills.length && !ended.aborted) {
      await pause(POLL_MS, ended);
      const training = (await leasedItems(struck)).find((item) => item.kind === 'train');
      const found = training && training.unitsDone >= kills[strikes]! ? processOf(system, training) : undefined;
      if (!found || !system.kill(found.name)) continue;
      say(`killed ${found.name} after step ${training?.unitsDone}`);
      strikes++;
    }
    return strikes;
  };
}
