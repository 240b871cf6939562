// The tests on a cluster that is made for them and thrown away, by a folder of commands (CPRAL_CLUSTER_KIT):
//
//   install GROUP...           brings what the others need; kube, servers and keda are asked for
//   base-image                 makes localhost/base:1, Debian with Node 22 and npm
//   build-image NAME CONTEXT OPTION...   builds on that base; the options are buildah's
//   up, down                   a cluster; down also after an up that failed
//   load-image NAME            gives it to the nodes
//   servers                    starts NATS, S3 and PostgreSQL that pods and tests reach, and prints NAME=value lines
//   keda                       starts KEDA
//   run COMMAND...             with KUBECONFIG and the cluster's names
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const COMMANDS = [
  'install',
  'base-image',
  'build-image',
  'up',
  'load-image',
  'servers',
  'keda',
  'run',
  'down',
] as const;
type Command = (typeof COMMANDS)[number];
const TARGETS = ['cpu', 'control'];
const PREFIX = 'localhost/cpral';

const [kit = '', ...command] = process.argv.slice(2);
let running: ReturnType<typeof spawn> | undefined;
let isStopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    isStopping = true;
    running?.kill(signal);
  });
}

process.exitCode = await main();

async function main(): Promise<number> {
  const missing = COMMANDS.find((name) => !existsSync(path.resolve(kit, name)));
  if (missing) throw new Error(`CPRAL_CLUSTER_KIT: expected a folder with the command ${missing}, got "${kit}"`);
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  const images = TARGETS.map((target) => ({ target, name: `${PREFIX}-${target}:${version}` }));
  await step('install', 'kube', 'servers', 'keda');
  await step('base-image');
  for (const { target, name } of images)
    await step('build-image', name, '.', '--layers', '--file', 'deploy/Dockerfile', '--target', target);
  try {
    await step('up');
    for (const { name } of images) await step('load-image', name);
    const servers = environmentOf(await step('servers'));
    await step('keda');
    Object.assign(process.env, servers, { CPRAL_IMAGE_PREFIX: PREFIX, CPRAL_IMAGE_TAG: version });
    return await exitCodeOf('run', command);
  } finally {
    // Whatever happened, and also when this process was told to stop.
    isStopping = false;
    await step('down');
  }
}

/** What the tests read, from what the kit's servers say of themselves. */
function environmentOf(said: string): Record<string, string> {
  const values = new Map(said.split('\n').map((line) => [line.split('=', 1)[0], line.slice(line.indexOf('=') + 1)]));
  const value = (name: string) => {
    const found = values.get(name);
    if (!found) throw new Error(`${path.join(kit, 'servers')}: expected a line ${name}=..., got ${said}`);
    return found;
  };
  return {
    CPRAL_DATABASE_URL: value('DATABASE_URL'),
    CPRAL_OBJECTS_URL: `s3://cpral-test?endpoint=${value('S3_ENDPOINT')}&create=true`,
    CPRAL_NATS_URL: value('NATS_URL'),
    CPRAL_NATS_MONITORING: value('NATS_MONITORING'),
    AWS_ACCESS_KEY_ID: value('S3_ACCESS_KEY'),
    AWS_SECRET_ACCESS_KEY: value('S3_SECRET_KEY'),
  };
}

/** @returns what it said */
async function step(name: Command, ...args: string[]): Promise<string> {
  const parts: string[] = [];
  const code = await exitCodeOf(name, args, (text) => parts.push(text));
  if (code !== 0) throw new Error(`${[name, ...args].join(' ')}: ended with ${code}`);
  return parts.join('');
}

async function exitCodeOf(name: Command, args: readonly string[], hear?: (text: string) => void): Promise<number> {
  if (isStopping) throw new Error(`told to stop before ${name}`);
  const began = Date.now();
  running = spawn(path.resolve(kit, name), args, { stdio: ['ignore', hear ? 'pipe' : 'inherit', 'inherit'] });
  running.stdout?.setEncoding('utf8').on('data', (text: string) => {
    process.stdout.write(text);
    hear?.(text);
  });
  const [code] = await once(running, 'close');
  console.error(`cpral: ${[name, ...args].join(' ')}: ${Math.round((Date.now() - began) / 1_000)} s`);
  return code ?? 1;
}
