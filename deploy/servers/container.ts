// Docker or podman, where one of them answers. A command without its daemon is as good as none.
import { spawnSync } from 'node:child_process';

const ENGINES = ['docker', 'podman'];
const ANSWER_LIMIT_MS = 10_000;

export interface ContainerImage {
  readonly name: string;
  /** Arguments of the image's own entry point; servers in containers listen on the host's network. */
  readonly args: (port: number) => readonly string[];
  readonly env?: (port: number) => Readonly<Record<string, string>>;
}

let found: { engine: string | undefined } | undefined;

export function containerEngine(): string | undefined {
  found ??= { engine: ENGINES.find(answers) };
  return found.engine;
}

function answers(engine: string): boolean {
  return spawnSync(engine, ['info'], { stdio: 'ignore', timeout: ANSWER_LIMIT_MS }).status === 0;
}

/** Creates a container that is started and killed like a process; its data stays in it until it is removed. */
export function createContainer(
  engine: string,
  { name, image, args, env }: { name: string; image: string; args: readonly string[]; env: Record<string, string> },
): void {
  // By name only: values on a command line can be read by every user of the machine.
  const variables = Object.keys(env).flatMap((key) => ['--env', key]);
  const create = ['create', '--name', name, '--label', 'cpral', '--network', 'host', ...variables, image, ...args];
  const { status, stderr } = spawnSync(engine, create, { env: { ...process.env, ...env }, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${engine} create ${image} failed: ${stderr.trim().split('\n').at(-1)}`);
}

export function removeContainer(engine: string, name: string): void {
  spawnSync(engine, ['rm', '--force', '--volumes', name], { stdio: 'ignore' });
}

export function signalContainer(engine: string, name: string, signal: NodeJS.Signals): void {
  spawnSync(engine, ['kill', '--signal', signal, name], { stdio: 'ignore' });
}
