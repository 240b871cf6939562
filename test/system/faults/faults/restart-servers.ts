// PostgreSQL, NATS and S3 end, in order or by kill -9, stay away for a while, and come back.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Server } from '../../../../deploy/servers/server.ts';
import { shuffle } from '../../../../services/shared/random.ts';
import { again, type Fault, pause } from '../fault.ts';
import type { System } from '../system.ts';

const PAUSE_MS = [500, 3_000] as const;
const AWAY_MS = 3_000;

const START_ATTEMPTS = 10;
const START_PAUSE_MS = 500;

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
      await startPatiently(server);
      return true;
    });
  };
}

/** PostgreSQL refuses to start while a process of the one that was killed is still there. */
async function startPatiently(server: Server): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await server.start();
    } catch (error) {
      if (attempt === START_ATTEMPTS) throw error;
      await sleep(START_PAUSE_MS);
    }
  }
}
