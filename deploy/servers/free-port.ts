// A free port of the loopback. Servers keep theirs over a restart, so they cannot be left to choose one themselves.
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below those that the system gives to connections: none of them takes the port before its server does. */
const FIRST = 20_000;
const END = 32_768;
const TRIES = 100;

export async function freePort(): Promise<number> {
  for (let i = 0; i < TRIES; i++) {
    const port = randomInt(FIRST, END);
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port on 127.0.0.1 among ${TRIES} from ${FIRST} to ${END - 1}`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
