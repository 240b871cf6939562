import { describe, expect, test } from 'vitest';
import { colorPatches, forEachAttention, unitPatches } from '../../services/label-extender/attention.ts';
import { randomInteger, seededRandom, shuffle } from '../../services/shared/random.ts';
import { expectClose } from '../support/expect-close.ts';

const SIZE = { height: 4, width: 5 };
const CELLS = 20;
const randomColors = (seed: number) => {
  const random = seededRandom('attention', seed);
  return Float64Array.from({ length: CELLS * 3 }, () => 2 * random() - 1);
};
const allCells = Int32Array.from({ length: CELLS }, (_, i) => i);

function rowsOf(colors: Float64Array, keys: number[], scale = 10): Map<number, Float64Array> {
  const rows = new Map<number, Float64Array>();
  const options = { queries: allCells, keys: Int32Array.from(keys), scale };
  forEachAttention(colorPatches(colors, SIZE), options, (query, weights) => rows.set(query, weights.slice()));
  return rows;
}

const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);

describe('patches', () => {
  test('every patch has the norm 1, whatever the brightness', () => {
    const colors = randomColors(1);
    const { values: patches } = colorPatches(colors, SIZE);
    for (let cell = 0; cell < CELLS; cell++) {
      const patch = patches.subarray(cell * 27, (cell + 1) * 27);
      expect(sum(patch.map((value) => value ** 2))).toBeCloseTo(1, 12);
    }
    expectClose(
      colorPatches(
        colors.map((value) => value / 4),
        SIZE,
      ).values,
      patches,
      1e-14,
    );
  });

  test('a patch of grey has the norm 0 and stays zero: the floor keeps it from dividing by zero', () => {
    expect(colorPatches(new Float64Array(CELLS * 3), SIZE).values.every((value) => value === 0)).toBe(true);
  });

  test('a patch holds its nine cells in order, and repeats the border', () => {
    const colors = Float64Array.from({ length: CELLS * 3 }, (_, i) => 1 + Math.floor(i / 3));
    const cells = (cell: number) => {
      const patch = colorPatches(colors, SIZE).values.subarray(cell * 27, (cell + 1) * 27);
      const centre = patch[13]!;
      return Array.from({ length: 9 }, (_, i) => Math.round((patch[3 * i]! / centre) * (cell + 1)) - 1);
    };
    expect(cells(6)).toEqual([0, 1, 2, 5, 6, 7, 10, 11, 12]);
    expect(cells(0)).toEqual([0, 0, 1, 0, 0, 1, 5, 5, 6]);
    expect(cells(19)).toEqual([13, 14, 14, 18, 19, 19, 18, 19, 19]);
  });
});

describe('patches of features', () => {
  test('are the features of each cell by themselves, of norm 1', () => {
    const values = Float64Array.of(3, 4, 0, 0, 0, -2);
    const { length, values: patches } = unitPatches({ height: 1, width: 3, channels: 2, patchSide: 1, values });
    expect(length).toBe(2);
    expectClose(patches, [0.6, 0.8, 0, 0, 0, -1], 1e-15);
  });
});

describe('forEachAttention', () => {
  test('every row is positive and sums to 1, for any number of keys', () => {
    const random = seededRandom('rows');
    for (let count = 1; count <= CELLS; count++) {
      const keys = shuffle([...allCells], random).slice(0, count);
      for (const row of rowsOf(randomColors(count), keys, randomInteger(random, 50)).values()) {
        expect(row).toHaveLength(count);
        expect(row.every((weight) => weight > 0)).toBe(true);
        expect(sum(row)).toBeCloseTo(1, 12);
      }
    }
  });

  test('on a constant image all keys weigh the same', () => {
    for (const row of rowsOf(new Float64Array(CELLS * 3).fill(0.3), [2, 7, 11]).values()) {
      expectClose(row, [1 / 3, 1 / 3, 1 / 3], 1e-12);
    }
  });

  test('a place attends most to itself, the more so the larger the scale; scale 0 sees no difference', () => {
    const colors = randomColors(3);
    const keys = [3, 8, 14, 17];
    const weightOfSelf = (scale: number) => rowsOf(colors, keys, scale).get(8)![1]!;
    expect(weightOfSelf(0)).toBeCloseTo(1 / 4, 12);
    expect(weightOfSelf(10)).toBe(Math.max(...rowsOf(colors, keys).get(8)!));
    expect(weightOfSelf(10)).toBeGreaterThan(1 / 4);
    expect(weightOfSelf(30)).toBeGreaterThan(weightOfSelf(10));
  });

  test('weights are exp(10 cosine) over their sum', () => {
    const colors = randomColors(4);
    const { values: patches } = colorPatches(colors, SIZE);
    const cosine = (a: number, b: number) =>
      sum(patches.subarray(a * 27, (a + 1) * 27).map((value, i) => value * patches[b * 27 + i]!));
    const masses = [1, 12].map((key) => Math.exp(10 * cosine(5, key)));
    const expected = masses.map((mass) => mass / sum(masses));
    expectClose(rowsOf(colors, [1, 12]).get(5)!, expected, 1e-12);
  });

  test('a huge scale neither overflows nor loses the best key', () => {
    const row = rowsOf(randomColors(5), [1, 6, 9], 1e6).get(6)!;
    expect([...row]).toEqual([0, 1, 0]);
  });
});
