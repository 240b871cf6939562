import { expect, it } from 'vitest';
import { remembered } from '../../services/pool-registry/metrics/remembered.ts';

function clocked(durationMs: number) {
  let now = 0;
  let readings = 0;
  const read = remembered(
    async () => {
      now += durationMs;
      return ++readings;
    },
    () => now,
  );
  return { read, wait: (ms: number) => (now += ms) };
}

it('reads once for all who ask within three seconds', async () => {
  const { read, wait } = clocked(10);
  expect(await Promise.all([read(), read()])).toEqual([1, 1]);
  wait(2_999);
  expect(await read()).toBe(1);
  wait(1);
  expect(await read()).toBe(2);
});

it('reads less often what takes long: a twentieth of the time at most', async () => {
  const { read, wait } = clocked(1_000);
  expect(await read()).toBe(1);
  wait(19_999);
  expect(await read()).toBe(1);
  wait(1);
  expect(await read()).toBe(2);
});

it('reads again soon after a reading that failed', async () => {
  let now = 0;
  let readings = 0;
  const read = remembered(
    async () => {
      if (++readings === 1) throw new Error('away');
      return readings;
    },
    () => now,
  );
  await expect(read()).rejects.toThrow('away');
  now += 3_000;
  expect(await read()).toBe(2);
});
