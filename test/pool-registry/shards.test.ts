import { describe, expect, it } from 'vitest';
import { all } from '../../services/cli/client.ts';
import { pagesOf, shards, shardsOf } from '../../services/pool-registry/campaign/shards.ts';

async function* given(...pages: number[][]) {
  yield* pages;
}

describe('shards', () => {
  it('are runs of at most their size', () => {
    expect(shards([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
    expect(shards([], 2)).toEqual([]);
  });

  it.each([[[[1, 2, 3, 4, 5]]], [[[1], [2, 3], [], [4, 5]]], [[[1, 2], [3, 4], [5]]]])(
    'are the same however the list is cut into pages: %j',
    async (pages) => {
      expect(await all(shardsOf(given(...pages), 2))).toEqual([[1, 2], [3, 4], [5]]);
    },
  );
});

describe('pages', () => {
  it('are read one after the other, each after the last row of the one before', async () => {
    const asked: (number | undefined)[] = [];
    const read = async (after: number | undefined) => {
      asked.push(after);
      const from = after ?? 0;
      return [from + 1, from + 2].filter((row) => row <= 3);
    };
    expect(await all(pagesOf(read))).toEqual([[1, 2], [3]]);
    expect(asked).toEqual([undefined, 2, 3]);
  });
});
