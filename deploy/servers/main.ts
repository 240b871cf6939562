// Starts PostgreSQL, NATS and S3 and prints where they are, as lines that a shell can read; Ctrl-C ends them.
//   --home DIR   keeps data and logs there (default: a temporary folder that goes in the end)
//   --prepare    only finds, builds or installs the programs
import { parseArgs } from 'node:util';
import { prepareServers, startServers } from './start-servers.ts';

const { values } = parseArgs({ options: { home: { type: 'string' }, prepare: { type: 'boolean' } } });
const say = (sentence: string) => console.error(`servers: ${sentence}`);
if (values.prepare) {
  await prepareServers(say);
} else {
  const stopped = new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  const servers = await startServers({ say, durable: true, ...(values.home && { folder: values.home }) });
  for (const [name, value] of Object.entries(servers.environment)) console.log(`${name}=${value}`);
  say('up; Ctrl-C ends them');
  await stopped;
  await servers.close();
}
