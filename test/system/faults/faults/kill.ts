// kill -9 of a service, each in its turn in random order, so that none is spared.
import { shuffle } from '../../../../services/shared/random.ts';
import { again, type Fault } from '../fault.ts';

const PAUSE_MS = [300, 2_500] as const;

export function kill(which: (name: string) => boolean = () => true): Fault {
  return (struck) => {
    const { system, random, say } = struck;
    const names = [...system.processes.keys()].filter(which);
    let turn: string[] = [];
    return again(struck, PAUSE_MS, async () => {
      if (turn.length === 0) turn = shuffle(names, random);
      const name = turn.pop() ?? '';
      const isKilled = system.kill(name);
      if (isKilled) say(`killed ${name}`);
      return isKilled;
    });
  };
}
