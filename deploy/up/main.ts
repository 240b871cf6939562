// Starts PostgreSQL, NATS, S3 and every service as its own process on the loopback, keeps them up, and ends them in order on Ctrl-C.
//   --home DIR          data, passwords and logs (default .cpral/up)
//   --listen HOST:PORT  the registry's address (default 127.0.0.1:4101)
//   --page HOST:PORT    the label tool's address (default 127.0.0.1:8080)
//   --workers N         processes of each kind of worker (default 1)
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startServers } from '../servers/start-servers.ts';
import { keepUp } from './keep-servers.ts';
import { startServices } from './services.ts';

const { values } = parseArgs({
  options: {
    home: { type: 'string', default: '.cpral/up' },
    listen: { type: 'string', default: '127.0.0.1:4101' },
    page: { type: 'string', default: '127.0.0.1:8080' },
    workers: { type: 'string', default: '1' },
  },
});
const workers = Number(values.workers);
if (!Number.isInteger(workers) || workers < 1)
  fail(`--workers: expected a whole number from 1, got "${values.workers}"`);
const home = path.resolve(values.home);
const say = (sentence: string) => console.error(`up: ${sentence}`);
const stopped = new Promise<void>((resolve) => {
  process.once('SIGINT', () => resolve());
  process.once('SIGTERM', () => resolve());
});

try {
  const servers = await startServers({ folder: home, say, durable: true });
  const unwatch = keepUp([servers.postgres, servers.nats, servers.s3], say);
  try {
    const { listen, page } = values;
    const services = await startServices({
      home,
      registries: [listen],
      workers,
      pageListen: page,
      environment: servers.environment,
      say,
    });
    try {
      await Promise.race([services.ready(), stopped]);
      console.log(listen);
      say(`the registry listens on ${listen}: npm run cpral -- demo --address ${listen}`);
      say(`the label tool, for people: http://${page}/`);
      say(`data and passwords are in ${home}, logs in ${services.logFolder}; Ctrl-C ends all`);
      await stopped;
      say('ending ...');
    } finally {
      await services.close();
    }
  } finally {
    unwatch();
    await servers.close();
  }
} catch (error) {
  fail(error instanceof Error ? error.message : String(error));
}

function fail(message: string): never {
  console.error(`up: ${message}`);
  process.exit(1);
}
