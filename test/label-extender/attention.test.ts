import { describe, expect, test } from 'vitest';
import { attend } from '../../services/label-extender/attention.ts';
import { unitFeatures, unitPatches } from '../../services/label-extender/patches.ts';
import { randomInteger, seededRandom, shuffle } from '../../services/shared/random.ts';
import { expectClose } from '../support/expect-close.ts';

const SIZE = { height: 4, width: 5 };
const CELLS = 20;
const randomColors = (seed: number) => {
  const random = seededRandom('attention', seed);
  return Float64Array.from({ length: CELLS * 3 }, () => 2 * random() - 1);
};
const allCells = Int32Array.from({ length: CELLS }, (_, i) => i);

/** The rows of A: what is attended to where each key says something of its own. */
function rowsOf(colors: Float64Array, keys: number[], scale = 10): Map<number, Float32Array> {
  const count = keys.length;
  const values = Float32Array.from({ length: count * count }, (_, i) => (i % (count + 1) === 0 ? 1 : 0));
  const options = { queries: allCells, keys: Int32Array.from(keys), values, valueLength: count, scale };
  const attended = attend(unitPatches(colors, SIZE), options);
  return new Map(Array.from(allCells, (cell) => [cell, attended.subarray(cell * count, (cell + 1) * count)]));
}

const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);

describe('unitFeatures', () => {
  test('are the features of each cell by themselves, of norm 1', () => {
    const patches = unitFeatures(Float64Array.of(3, 4, 0, 0, 0, -2), 2);
    expectClose(patches, [0.6, 0.8, 0, 0, 0, -1], 1e-7);
  });
});

describe('unitPatches', () => {
  test('every patch has the norm 1, whatever the brightness', () => {
    const colors = randomColors(1);
    const patches = unitPatches(colors, SIZE);
    for (let cell = 0; cell < CELLS; cell++) {
      const patch = patches.subarray(cell * 27, (cell + 1) * 27);
      expect(sum(patch.map((value) => value ** 2))).toBeCloseTo(1, 6);
    }
    expectClose(
      unitPatches(
        colors.map((value) => value / 4),
        SIZE,
      ),
      patches,
      1e-7,
    );
  });

  test('a patch of grey has the norm 0 and stays zero: the floor keeps it from dividing by zero', () => {
    expect(unitPatches(new Float64Array(CELLS * 3), SIZE).every((value) => value === 0)).toBe(true);
  });

  test('a patch holds its nine cells in order, and repeats the border', () => {
    const colors = Float64Array.from({ length: CELLS * 3 }, (_, i) => 1 + Math.floor(i / 3));
    const cells = (cell: number) => {
      const patch = unitPatches(colors, SIZE).subarray(cell * 27, (cell + 1) * 27);
      const centre = patch[13]!;
      return Array.from({ length: 9 }, (_, i) => Math.round((patch[3 * i]! / centre) * (cell + 1)) - 1);
    };
    expect(cells(6)).toEqual([0, 1, 2, 5, 6, 7, 10, 11, 12]);
    expect(cells(0)).toEqual([0, 0, 1, 0, 0, 1, 5, 5, 6]);
    expect(cells(19)).toEqual([13, 14, 14, 18, 19, 19, 18, 19, 19]);
  });
});

describe('attention', () => {
  test('every row is positive and sums to 1, for any number of keys', () => {
    const random = seededRandom('rows');
    for (let count = 1; count <= CELLS; count++) {
      const keys = shuffle([...allCells], random).slice(0, count);
      for (const row of rowsOf(randomColors(count), keys, randomInteger(random, 50)).values()) {
        expect(row).toHaveLength(count);
        expect(row.every((weight) => weight > 0)).toBe(true);
        expect(sum(row)).toBeCloseTo(1, 6);
      }
    }
  });

  test('on a constant image all keys weigh the same', () => {
    for (const row of rowsOf(new Float64Array(CELLS * 3).fill(0.3), [2, 7, 11]).values()) {
      expectClose(row, [1 / 3, 1 / 3, 1 / 3], 1e-6);
    }
  });

  test('a place attends most to itself, the more so the larger the scale; scale 0 sees no difference', () => {
    const colors = randomColors(3);
    const keys = [3, 8, 14, 17];
    const weightOfSelf = (scale: number) => rowsOf(colors, keys, scale).get(8)![1]!;
    expect(weightOfSelf(0)).toBeCloseTo(1 / 4, 6);
    expect(weightOfSelf(10)).toBe(Math.max(...rowsOf(colors, keys).get(8)!));
    expect(weightOfSelf(10)).toBeGreaterThan(1 / 4);
    expect(weightOfSelf(30)).toBeGreaterThan(weightOfSelf(10));
  });

  test('weights are exp(10 cosine) over their sum', () => {
    const colors = randomColors(4);
    const patches = unitPatches(colors, SIZE);
    const cosine = (a: number, b: number) =>
      sum(patches.subarray(a * 27, (a + 1) * 27).map((value, i) => value * patches[b * 27 + i]!));
    const masses = [1, 12].map((key) => Math.exp(10 * cosine(5, key)));
    const expected = masses.map((mass) => mass / sum(masses));
    expectClose(rowsOf(colors, [1, 12]).get(5)!, expected, 1e-6);
  });

  test('a huge scale neither overflows nor loses the best key', () => {
    const row = rowsOf(randomColors(5), [1, 6, 9], 1e6).get(6)!;
    expect([...row]).toEqual([0, 1, 0]);
  });
});

test('more places and keys than a tile holds are attended to alike', () => {
  const size = { height: 30, width: 40 };
  const random = seededRandom('tiles');
  const patches = unitPatches(
    Float64Array.from({ length: 1_200 * 3 }, () => 2 * random() - 1),
    size,
  );
  const cells = Int32Array.from({ length: 1_200 }, (_, i) => i);
  const values = Float32Array.from(cells, (cell) => cell);
  const ask = (queries: Int32Array) => attend(patches, { queries, keys: cells, values, valueLength: 1, scale: 1e4 });
  // So sharp that every place hears only itself.
  expectClose(ask(cells), values, 1e-2);
  expectClose(ask(cells.slice(700, 703)), [700, 701, 702], 1e-2);
});
