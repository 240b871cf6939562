// PostgreSQL, NATS and S3 end, in order or by kill -9, stay away for a while, and come back.
import { shuffle } from '../../../../services/shared/random.ts';
import { again, type Fault, pause } from '../fault.ts';
import type { System } from '../system.ts';

const PAUSE_MS = [500, 3_000] as const;
const AWAY_MS = 3_000;

type ServerName = keyof System['servers'];

export function restartServers(names: readonly ServerName[]): Fault {
  return (struck) => {
    const { system, random, ended, say } = struck;
    let turn: ServerName[] = [];
    return again(struck, PAUSE_MS, async () => {
      if (turn.length === 0) turn = shuffle(names, random);
      const name = turn.pop() ?? 'nats';
      const server = system.servers[name];
      const how = random() < 0.5 ? 'kill' : 'stop';
      say(`${how} ${name}`);
      await server[how]();
      await pause(random() * AWAY_MS, ended);
      await server.start();
      return true;
    });
  };
}
