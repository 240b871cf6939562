import { describe, expect, it } from 'vitest';
import type { Compute } from '../../../services/shared/compute/compute.ts';
import { computePool } from '../../../services/shared/compute/compute-pool.ts';

const WORK = new URL('file:///work.ts');

/** Work that ends when the test says so. */
function heldCompute(name: string) {
  const running: { spec: unknown; end: (error?: Error) => void }[] = [];
  const compute: Compute = {
    run: (_module, spec) =>
      new Promise((resolve, reject) => {
        const end = (error?: Error) => (error ? reject(error) : resolve({ result: name as never, seconds: 0 }));
        running.push({ spec, end });
      }),
    close: async () => {},
  };
  return { compute, running };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('a pool of compute processes', () => {
  it('gives each piece of work a process of its own, and the next to the first that is free', async () => {
    const [one, two] = [heldCompute('one'), heldCompute('two')];
    const pool = computePool([one.compute, two.compute]);
    const runs = ['a', 'b', 'c'].map((spec) => pool.run<string, string>(WORK, spec));
    await settled();
    expect([one.running, two.running].map((running) => running.map(({ spec }) => spec))).toEqual([['a'], ['b']]);
    two.running[0]!.end();
    await settled();
    expect(two.running.map(({ spec }) => spec)).toEqual(['b', 'c']);
    two.running[1]!.end();
    one.running[0]!.end();
    expect((await Promise.all(runs)).map(({ result }) => result)).toEqual(['one', 'two', 'two']);
  });

  it('takes a process back whose work failed', async () => {
    const only = heldCompute('only');
    const pool = computePool([only.compute]);
    const failing = pool.run(WORK, 'a');
    const waiting = pool.run<string, string>(WORK, 'b');
    await settled();
    only.running[0]!.end(new Error('no'));
    await expect(failing).rejects.toThrow('no');
    await settled();
    only.running[1]!.end();
    expect((await waiting).result).toBe('only');
  });
});
