// Docker or podman, where one of them answers. A command without its daemon is as good as none.
import { spawnSync } from 'node:child_process';

const ENGINES = ['docker', 'podman'];
const ANSWER_LIMIT_MS = 10_000;

export interface ContainerImage {
  readonly name: string;
  /** Where in the container the server's data is. */
  readonly data: string;
}

let found: { engine: string | undefined } | undefined;

export function containerEngine(): string | undefined {
  found ??= { engine: ENGINES.find(answers) };
  return found.engine;
}

function answers(engine: string): boolean {
  return spawnSync(engine, ['info'], { stdio: 'ignore', timeout: ANSWER_LIMIT_MS }).status === 0;
}

/** Before a server is started: its start has a limit, and an image may take minutes. */
export function pullImage(engine: string, { name }: ContainerImage): void {
  if (spawnSync(engine, ['image', 'inspect', name], { stdio: 'ignore' }).status === 0) return;
  const { status, stderr } = spawnSync(engine, ['pull', '--quiet', name], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${engine} pull ${name} failed: ${stderr.trim().split('\n').at(-1)}`);
}

export interface ContainerRun {
  readonly name: string;
  readonly image: ContainerImage;
  /** The folder of this machine in which the data is, and stays. */
  readonly data: string | undefined;
  /** Of the image's own entry point; servers in containers listen on the host's network. */
  readonly args: readonly string[];
  /** Names alone: values on a command line can be read by every user of the machine. */
  readonly variables: readonly string[];
}

/** The command runs until the server ends, passes signals on to it, and leaves nothing but its data. */
export function containerCommand(engine: string, { name, image, data, args, variables }: ContainerRun): string[] {
  const container = ['--rm', '--name', name, '--label', 'cpral', '--network', 'host', ...asOurselves(engine)];
  const environment = variables.flatMap((variable) => ['--env', variable]);
  const folder = data === undefined ? [] : ['--volume', `${data}:${image.data}:Z`];
  return [engine, 'run', ...container, ...environment, ...folder, image.name, ...args];
}

/** What the server writes into the folder is ours to read and to remove. */
function asOurselves(engine: string): string[] {
  const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
  if (uid === 0) return [];
  return [...(engine.endsWith('podman') ? ['--userns', 'keep-id'] : []), '--user', `${uid}:${gid}`];
}

export function signalContainer(engine: string, name: string, signal: NodeJS.Signals): void {
  spawnSync(engine, ['kill', '--signal', signal, name], { stdio: 'ignore' });
}
