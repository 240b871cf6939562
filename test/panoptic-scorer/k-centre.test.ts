import { describe, expect, it } from 'vitest';
import { type CentreBlock, kCentreGreedy } from '../../services/panoptic-scorer/k-centre.ts';
import goldens from '../goldens/k-centre.json' with { type: 'json' };

interface Rows {
  readonly [imageId: string]: readonly number[];
}

function block(rows: Rows, use: Partial<CentreBlock>): CentreBlock {
  const vectors = Object.values(rows);
  const values = Float32Array.from(vectors.flat());
  return {
    candidates: false,
    centres: false,
    read: async () => ({ imageIds: Object.keys(rows), dimensions: vectors[0]!.length, values }),
    ...use,
  };
}
const labelled = (rows: Rows) => block(rows, { centres: true });
const unlabelled = (rows: Rows) => block(rows, { candidates: true });

describe('k-centre greedy', () => {
  it('of four points on a line takes the far end, then what is farthest from both ends', async () => {
    const blocks = [labelled({ start: [0] }), unlabelled({ a: [1], b: [6], c: [10] })];
    expect(await kCentreGreedy(blocks, 2)).toEqual([
      { imageId: 'c', distance: 10 },
      { imageId: 'b', distance: 4 },
    ]);
  });

  it('measures from the nearest of several labelled images', async () => {
    const blocks = [labelled({ left: [0, 0], right: [8, 0] }), unlabelled({ middle: [4, 3], near: [8, 4] })];
    expect(await kCentreGreedy(blocks, 5)).toEqual([
      { imageId: 'middle', distance: 5 },
      { imageId: 'near', distance: 4 },
    ]);
  });

  it('breaks ties by image id, whatever the order of rows and blocks', async () => {
    const centre = labelled({ zero: [0] });
    const picks = async (...blocks: CentreBlock[]) => (await kCentreGreedy(blocks, 4)).map(({ imageId }) => imageId);
    const expected = ['a', 'b', 'c', 'd'];
    expect(await picks(centre, unlabelled({ d: [1], b: [-1], c: [1], a: [1] }))).toEqual(expected);
    expect(
      await picks(unlabelled({ c: [1] }), unlabelled({ b: [-1], a: [1] }), centre, unlabelled({ d: [1] })),
    ).toEqual(expected);
  });

  it('takes a candidate that is a centre too, as a partly labelled image is, after all others', async () => {
    const blocks = [block({ partly: [5] }, { centres: true, candidates: true }), unlabelled({ z: [4] })];
    expect(await kCentreGreedy(blocks, 2)).toEqual([
      { imageId: 'z', distance: 1 },
      { imageId: 'partly', distance: 0 },
    ]);
  });

  it('reads candidates once for all labelled images, once a batch where those outgrow their memory, and picks alike', async () => {
    const readsWith = async (centresLimitBytes: number) => {
      let reads = 0;
      const counted = unlabelled({ a: [1], b: [6], c: [10] });
      const candidates = {
        ...counted,
        read() {
          reads++;
          return counted.read();
        },
      };
      const blocks = [labelled({ o: [0] }), labelled({ p: [20] }), labelled({ q: [4] }), candidates];
      const picked = await kCentreGreedy(blocks, 1, { centresLimitBytes });
      expect(picked).toEqual([{ imageId: 'c', distance: 6 }]);
      return reads - 1;
    };
    expect(await readsWith(1 << 20)).toBe(1);
    expect(await readsWith(8)).toBe(2);
    expect(await readsWith(0)).toBe(3);
  });

  it('never picks twice, and its distances never grow', async () => {
    const rows = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`i${i}`, [(i * 7) % 13, (i * i) % 11]]));
    const picked = await kCentreGreedy([labelled({ o: [0, 0] }), unlabelled(rows)], 30);
    expect(new Set(picked.map(({ imageId }) => imageId)).size).toBe(30);
    picked.slice(1).forEach(({ distance }, i) => {
      expect(distance).toBeLessThanOrEqual(picked[i]!.distance);
    });
  });

  it('refuses to start from nothing, and rows of another length', async () => {
    await expect(kCentreGreedy([unlabelled({ a: [1] })], 1)).rejects.toThrow('expected labelled images');
    await expect(kCentreGreedy([labelled({ o: [1, 2] }), unlabelled({ a: [1] })], 1)).rejects.toThrow(
      'expected embeddings of one length, got 2 and 1',
    );
  });

  it.each(goldens)(
    'in $dimensions dimensions picks what NumPy picks',
    async ({ names, candidates, centres, count, picked }) => {
      const rows = Object.fromEntries(names.map((name, i) => [name, candidates[i]!]));
      const origin = Object.fromEntries(centres.map((centre, i) => [`centre-${i}`, centre]));
      const found = await kCentreGreedy([labelled(origin), unlabelled(rows)], count);
      expect(found.map(({ imageId }) => imageId)).toEqual(picked.map(([name]) => name));
      found.forEach(({ distance }, i) => {
        expect(distance).toBeCloseTo(picked[i]![1] as number, 12);
      });
    },
  );
});
