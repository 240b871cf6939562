import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Compute } from '../../../services/shared/compute/compute.ts';
import { processCompute } from '../../../services/shared/compute/process-compute.ts';
import type { TensorFlowDescription } from '../../../services/shared/tensorflow/tensorflow.ts';
import { silent } from '../../support/silent.ts';

const functionNamed = (name: string) => new URL(`../../support/functions/${name}.ts`, import.meta.url);
const isAlive = (pid: number) => existsSync(`/proc/${pid}`);

/** When the process began, in ticks since the machine did: on a machine that starts many, another one soon has its id. */
function beginOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19];
  } catch {
    return undefined;
  }
}

async function untilDead(pid: number, begin = beginOf(pid)): Promise<void> {
  while (isAlive(pid) && beginOf(pid) === begin) await sleep(50);
}

let compute: Compute;
beforeEach(() => {
  compute = processCompute({ objectsUrl: 'file:///tmp', log: silent });
});
afterEach(() => compute.close());

describe('the compute process', () => {
  it('runs functions one after the other in one process that is not ours, and reports their progress', async () => {
    const messages: string[] = [];
    const onProgress = ({ message }: { message: string }) => messages.push(message);
    const [one, two] = await Promise.all([
      compute.run<{ value: number }, { value: number; pid: number }>(
        functionNamed('double'),
        { value: 4 },
        { onProgress },
      ),
      compute.run<{ value: number }, { value: number; pid: number }>(functionNamed('double'), { value: 5 }),
    ]);
    expect([one.result.value, two.result.value]).toEqual([8, 10]);
    expect(one.result.pid).toBe(two.result.pid);
    expect(one.result.pid).not.toBe(process.pid);
    expect(messages).toEqual(['doubled']);
  });

  it('logs the library and the device that run, once', async () => {
    const lines: { msg: string; device?: string; version?: string }[] = [];
    const log = pino({ level: 'info' }, { write: (line: string) => lines.push(JSON.parse(line)) });
    const logged = processCompute({ objectsUrl: 'file:///tmp', log });
    try {
      const { result } = await logged.run<object, TensorFlowDescription>(functionNamed('load-tensorflow'), {});
      await logged.run(functionNamed('load-tensorflow'), {});
      expect(lines.filter(({ msg }) => msg === 'TensorFlow loaded')).toEqual([expect.objectContaining({ ...result })]);
    } finally {
      await logged.close();
    }
  });

  it('tells TensorFlow how many threads it has', async () => {
    const bounded = processCompute({ objectsUrl: 'file:///tmp', log: silent, threads: 3 });
    try {
      expect((await bounded.run(functionNamed('threads'), {})).result).toEqual(['3', '3']);
    } finally {
      await bounded.close();
    }
  });

  it('passes errors on with code and field', async () => {
    const refused = compute.run(functionNamed('refuse'), {});
    await expect(refused).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      field: 'image',
      message: expect.stringContaining('song'),
    });
  });

  it('fails the work when the process crashes, and starts another for the next', async () => {
    await expect(compute.run(functionNamed('crash'), {})).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      reason: 'COMPUTE_CRASHED',
    });
    const { result } = await compute.run<{ value: number }, { value: number }>(functionNamed('double'), { value: 1 });
    expect(result.value).toBe(2);
  });

  it('fails the work, and nothing else, when the process was killed and nobody knows yet', async () => {
    const { result } = await compute.run<{ value: number }, { pid: number }>(functionNamed('double'), { value: 1 });
    process.kill(result.pid, 'SIGKILL');
    // Without a turn of the loop, in which this process would hear of it.
    while (isAlive(result.pid) && !readFileSync(`/proc/${result.pid}/stat`, 'utf8').includes(') Z ')) {}
    const crashed = { code: 'UNAVAILABLE', reason: 'COMPUTE_CRASHED' };
    await expect(compute.run(functionNamed('double'), { value: 2 })).rejects.toMatchObject(crashed);
    const next = await compute.run<{ value: number }, { value: number }>(functionNamed('double'), { value: 3 });
    expect(next.result.value).toBe(6);
  });

  it('blames no work where the system gives it no process, and works again when it does', async () => {
    const { execPath } = process;
    process.execPath = '/nowhere/node';
    const refused = compute.run(functionNamed('double'), { value: 1 }).finally(() => {
      process.execPath = execPath;
    });
    await expect(refused).rejects.toMatchObject({ code: 'UNAVAILABLE', reason: 'NO_PROCESS' });
    const { result } = await compute.run<{ value: number }, { value: number }>(functionNamed('double'), { value: 1 });
    expect(result.value).toBe(2);
  });

  it('ends work that takes more memory than it may, says so, and starts another for the next', async () => {
    const memoryLimitBytes = 400 * 2 ** 20;
    const bounded = processCompute({ objectsUrl: 'file:///tmp', log: silent, memoryLimitBytes });
    try {
      await expect(bounded.run(functionNamed('swell'), {})).rejects.toMatchObject({
        code: 'RESOURCE_EXHAUSTED',
        reason: 'COMPUTE_OUT_OF_MEMORY',
        message: expect.stringMatching(/held \d+ MiB of memory, more than the 400 MiB that it may/),
      });
      const { result } = await bounded.run<{ value: number }, { value: number }>(functionNamed('double'), { value: 1 });
      expect(result.value).toBe(2);
    } finally {
      await bounded.close();
    }
  });

  it('ends work that blocks its thread when it is aborted', async () => {
    const abort = new AbortController();
    let pid = 0;
    const blocked = compute.run(
      functionNamed('block'),
      {},
      {
        signal: abort.signal,
        onProgress: ({ message }) => {
          pid = Number(message);
          abort.abort();
        },
      },
    );
    await expect(blocked).rejects.toMatchObject({ code: 'CANCELLED' });
    await untilDead(pid);
  });

  it('does not outlive a parent that was killed, even while it blocks', async () => {
    const parent = spawn(process.execPath, [fileURLToPath(functionNamed('own-block'))], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pid = await new Promise<number>((resolve) => parent.stdout.once('data', (text) => resolve(Number(text))));
    const begin = beginOf(pid);
    expect(begin).toBeDefined();
    parent.kill('SIGKILL');
    await untilDead(pid, begin);
  });
});
