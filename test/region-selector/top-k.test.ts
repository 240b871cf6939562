import { describe, expect, test } from 'vitest';
import { topRegions } from '../../services/region-selector/top-k.ts';
import { seededRandom, shuffle } from '../../services/shared/random.ts';

const region = (imageId: string, top: number, left: number, score: number) => ({ imageId, top, left, score });

describe('topRegions', () => {
  test('takes the best over all images', () => {
    const candidates = [region('a', 0, 0, 1), region('b', 0, 0, 3), region('a', 5, 0, 2), region('c', 0, 0, 0)];
    expect(topRegions(candidates, 3).map(({ score }) => score)).toEqual([3, 2, 1]);
  });

  test('breaks ties by image id, then top, then left, whatever order they come in', () => {
    const sorted = [
      region('B', 9, 9, 1),
      region('a', 0, 2, 1),
      region('a', 0, 10, 1),
      region('a', 2, 0, 1),
      region('a', 10, 0, 1),
      region('a10', 0, 0, 1),
      region('a9', 0, 0, 1),
      region('ä', 0, 0, 1),
    ];
    const random = seededRandom('top-k');
    for (let round = 0; round < 20; round++) expect(topRegions(shuffle(sorted, random), 8)).toEqual(sorted);
  });

  test('gives all where there are fewer, and none for a budget of none', () => {
    expect(topRegions([region('a', 0, 0, 1)], 5)).toHaveLength(1);
    expect(topRegions([region('a', 0, 0, 1)], 0)).toEqual([]);
    expect(topRegions([], 5)).toEqual([]);
  });

  test('the top K of shards’ own top K is the top K of all', () => {
    const random = seededRandom('shards');
    const candidates = Array.from({ length: 300 }, (_, i) => region(`i${i % 7}`, i, 0, Math.floor(random() * 9)));
    const shards = [0, 1, 2, 3].map((shard) => candidates.filter((_, i) => i % 4 === shard));
    const merged = shards.flatMap((shard) => topRegions(shard, 40));
    expect(topRegions(merged, 40)).toEqual(topRegions(candidates, 40));
  });

  test('a score that is no number is a bug', () => {
    expect(() => topRegions([region('a', 0, 0, Number.NaN)], 1)).toThrow('scores that are ranked are finite');
  });
});
