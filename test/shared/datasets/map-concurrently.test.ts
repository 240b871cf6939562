import { expect, test } from 'vitest';
import { mapConcurrently } from '../../../services/shared/datasets/map-concurrently.ts';

const turns = async (count: number) => {
  for (let i = 0; i < count; i++) await Promise.resolve();
};

test('results keep the order of the items, whichever ends first', async () => {
  const slowFirst = async (item: number) => turns(20 - item).then(() => item * 2);
  expect(await mapConcurrently([1, 2, 3, 4, 5], 3, slowFirst)).toEqual([2, 4, 6, 8, 10]);
});

test('no more are under way than allowed, and as many as allowed', async () => {
  let running = 0;
  let most = 0;
  await mapConcurrently(Array.from({ length: 20 }), 4, async () => {
    most = Math.max(most, ++running);
    await turns(3);
    running--;
  });
  expect(most).toBe(4);
});

test('of several failures the first item is named, though a later one failed earlier', async () => {
  const work = async (item: number) => {
    await turns(20 - item * 5);
    if (item >= 1) throw new Error(`item ${item}`);
  };
  await expect(mapConcurrently([0, 1, 2], 3, work)).rejects.toThrow('item 1');
});

test('nothing starts after a failure', async () => {
  const started: number[] = [];
  const work = async (item: number) => {
    started.push(item);
    throw new Error('no');
  };
  await expect(mapConcurrently([0, 1, 2, 3, 4, 5], 2, work)).rejects.toThrow('no');
  expect(started.length).toBeLessThan(3);
});
