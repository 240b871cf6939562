// kubectl and Helm as a person uses them.
import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { findHelm } from '../../../deploy/kubernetes/tools.ts';

const exec = promisify(execFile);
const COMMAND_LIMIT_MS = 12 * 60_000;
const OUTPUT_LIMIT_BYTES = 64 << 20;
const POLL_MS = 1_000;

export async function kubectl(...args: string[]): Promise<string> {
  const { stdout } = await exec('kubectl', args, { timeout: COMMAND_LIMIT_MS, maxBuffer: OUTPUT_LIMIT_BYTES });
  return stdout;
}

export async function apply(namespace: string, ...objects: object[]): Promise<void> {
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
  await withInput('kubectl', ['apply', '--namespace', namespace, '--filename', '-'], list);
}

export async function helm(args: readonly string[], values?: object): Promise<string> {
  const program = await findHelm((sentence) => console.error(sentence));
  return values ? withInput(program, [...args, '--values', '-'], JSON.stringify(values)) : withInput(program, args, '');
}

function withInput(program: string, args: readonly string[], input: string): Promise<string> {
  const running = exec(program, [...args], { timeout: COMMAND_LIMIT_MS, maxBuffer: OUTPUT_LIMIT_BYTES });
  running.child.stdin?.end(input);
  return running.then(({ stdout }) => stdout);
}

export interface Pod {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  readonly spec: {
    readonly nodeName?: string;
    readonly containers: readonly { readonly name: string; readonly image: string }[];
  };
  readonly status: {
    readonly phase: string;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason?: string;
      readonly message?: string;
    }[];
  };
}

export async function podsOf(namespace: string, component?: string): Promise<Pod[]> {
  const selector = component ? ['--selector', `app.kubernetes.io/component=${component}`] : [];
  const { items } = JSON.parse(await kubectl('get', 'pods', '--namespace', namespace, ...selector, '--output', 'json'));
  return items as Pod[];
}

export const isReady = ({ status }: Pod) =>
  status.conditions?.some(({ type, status: holds }) => type === 'Ready' && holds === 'True') ?? false;

/** @throws with what was seen last where it does not come true in time */
export async function until<T>(
  what: string,
  look: () => Promise<T>,
  isIt: (seen: T) => boolean,
  limitMs = 300_000,
): Promise<T> {
  const endTime = Date.now() + limitMs;
  for (;;) {
    const seen = await look();
    if (isIt(seen)) return seen;
    if (Date.now() > endTime)
      throw new Error(`${what}: not within ${limitMs / 1_000} s; at last ${JSON.stringify(seen).slice(0, 2_000)}`);
    await sleep(POLL_MS);
  }
}
