// Keeps servers up: one that dies is started again on its port and data, later each time it dies young.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Say } from '../servers/say.ts';
import type { Server } from '../servers/server.ts';
import { restartWaits } from './restart-waits.ts';

/** @returns ends that; servers stay as they are */
export function keepUp(servers: readonly Server[], say: Say): () => void {
  const stop = new AbortController();
  for (const server of servers) keepOneUp(server, say, stop.signal);
  return () => stop.abort();
}

function keepOneUp(server: Server, say: Say, signal: AbortSignal): void {
  const { name, logFile } = server;
  const nextWait = restartWaits();
  let startTime = Date.now();
  server.onDeath(async () => {
    while (!signal.aborted) {
      const waitMs = nextWait(Date.now() - startTime);
      say(`${name} ended, starting it again in ${waitMs} ms: ${logFile}`);
      await sleep(waitMs, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      startTime = Date.now();
      try {
        return await server.start();
      } catch (error) {
        say(error instanceof Error ? error.message : String(error));
      }
    }
  });
}
