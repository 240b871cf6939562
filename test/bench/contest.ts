// Times contestants side by side: a process each, one repeat of each in turn, so that whatever slows the machine slows them all.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

export interface Contestant {
  readonly name: string;
  readonly command: readonly string[];
  readonly folder: string;
}

export interface Timing {
  readonly name: string;
  /** Milliseconds of the repeats, in their order; the first, untimed one warmed up. */
  readonly ms: readonly number[];
  readonly peakBytes: number;
}

export async function contest(
  contestants: readonly Contestant[],
  repeats: number,
  onTime: (name: string, ms: number) => void = () => {},
): Promise<Timing[]> {
  const running: Running[] = [];
  try {
    // One after the other: what they compile when they start takes all cores.
    for (const contestant of contestants) running.push(await start(contestant));
    const times = running.map((): number[] => []);
    for (let repeat = 0; repeat < repeats; repeat++) {
      for (const [index, { name, ask }] of running.entries()) {
        const { ms } = (await ask()) as { ms: number };
        times[index]!.push(ms);
        onTime(name, ms);
      }
    }
    const timings: Timing[] = [];
    for (const [index, { name, finish }] of running.entries()) {
      timings.push({ name, ms: times[index]!, peakBytes: ((await finish()) as { peakBytes: number }).peakBytes });
    }
    return timings;
  } finally {
    for (const { child } of running) child.kill();
  }
}

interface Running {
  readonly name: string;
  readonly child: ChildProcessByStdio<Writable, Readable, null>;
  ask(): Promise<unknown>;
  finish(): Promise<unknown>;
}

async function start({ name, command, folder }: Contestant): Promise<Running> {
  const [program, ...args] = command;
  const child = spawn(program!, args, { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${name} ended: see above`);
    return JSON.parse(value) as unknown;
  };
  await answer();
  return {
    name,
    child,
    ask() {
      child.stdin.write('again\n');
      return answer();
    },
    async finish() {
      child.stdin.end();
      const last = await answer();
      if (child.exitCode === null) await once(child, 'exit');
      return last;
    },
  };
}
