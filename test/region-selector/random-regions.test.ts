import { describe, expect, test } from 'vitest';
import { randomRegions } from '../../services/region-selector/random-regions.ts';
import type { Size } from '../../services/shared/images/images.ts';
import { seededRandom } from '../../services/shared/random.ts';

const SIZE = { height: 180, width: 240 };
const nothing = ({ height, width }: Size) => new Uint8Array(height * width);

const draw = (
  seed: number,
  {
    labelled,
    size = SIZE,
    regionSizePx = 23,
    maxCandidates = 1000,
  }: Partial<{
    labelled: Uint8Array;
    size: Size;
    regionSizePx: number;
    maxCandidates: number;
  }> = {},
) =>
  randomRegions(labelled ?? nothing(size), size, { regionSizePx, maxCandidates, random: seededRandom('test', seed) });

describe('randomRegions', () => {
  test('an image offers as many windows as can lie in it, so that a budget can be spent', () => {
    expect(draw(1)).toHaveLength(70);
    expect(draw(1, { regionSizePx: 1, size: { height: 3, width: 5 } })).toHaveLength(15);
    expect(draw(1, { regionSizePx: 1, size: { height: 1, width: 1 } })).toHaveLength(1);
    expect(draw(1, { regionSizePx: 9, size: { height: 9, width: 9 } })).toHaveLength(1);
  });

  test('windows overlap neither each other nor a labelled pixel, and stay inside', () => {
    const random = seededRandom('labelled');
    for (let seed = 0; seed < 20; seed++) {
      const labelled = nothing(SIZE).map(() => (random() < 0.0005 ? 1 : 0));
      const covered = labelled.slice();
      for (const { top, left } of draw(seed, { labelled })) {
        expect(top + 23 <= SIZE.height && left + 23 <= SIZE.width).toBe(true);
        for (let y = top; y < top + 23; y++) for (let x = left; x < left + 23; x++) covered[y * SIZE.width + x]!++;
      }
      expect(covered.every((times) => times <= 1)).toBe(true);
    }
  });

  test('a later cycle with another seed goes on with the grid of an earlier one', () => {
    const labelled = nothing(SIZE);
    for (const { top, left } of draw(1, { maxCandidates: 35 })) {
      for (let y = top; y < top + 23; y++) labelled.fill(1, y * SIZE.width + left, y * SIZE.width + left + 23);
    }
    expect(draw(2, { labelled })).toHaveLength(35);
  });

  test('the same seed draws the same windows, another seed others', () => {
    expect(draw(3)).toEqual(draw(3));
    expect(draw(4)).not.toEqual(draw(3));
  });

  test('scores are in (0, 1], fall, and are uniform over many images', () => {
    let sum = 0;
    let count = 0;
    for (let seed = 0; seed < 100; seed++) {
      const scores = draw(seed).map(({ score }) => score);
      expect(scores.toSorted((a, b) => b - a)).toEqual(scores);
      expect(scores.every((score) => score > 0 && score <= 1)).toBe(true);
      sum += scores.reduce((total, score) => total + score, 0);
      count += scores.length;
    }
    // Five standard errors.
    expect(Math.abs(sum / count - 1 / 2)).toBeLessThan(5 * Math.sqrt(1 / 12 / count));
  });

  test('every offset of the grid comes up, each as often', () => {
    // 3x4 with windows of 3: two offsets.
    const size = { height: 3, width: 4 };
    const lefts = Array.from({ length: 2000 }, (_, seed) => draw(seed, { size, regionSizePx: 3 })[0]!.left);
    const ones = lefts.filter((left) => left === 1).length;
    expect(Math.abs(ones - 1000)).toBeLessThan(5 * Math.sqrt(500));
  });

  test('a wholly labelled image offers nothing', () => {
    expect(draw(1, { labelled: nothing(SIZE).fill(1) })).toEqual([]);
  });

  test('the limit keeps the best', () => {
    expect(draw(5, { maxCandidates: 10 })).toEqual(draw(5).slice(0, 10));
  });
});

describe('spacing', () => {
  test('keeps random windows apart too', () => {
    const size = { height: 20, width: 30 };
    const random = seededRandom('spacing');
    const options = { regionSizePx: 3, spacingPx: 3, maxCandidates: 100, random };
    const windows = randomRegions(new Uint8Array(600), size, options);
    expect(windows.length).toBeGreaterThan(5);
    for (const [i, a] of windows.entries()) {
      for (const b of windows.slice(0, i)) {
        expect(Math.max(Math.abs(a.top - b.top), Math.abs(a.left - b.left))).toBeGreaterThanOrEqual(6);
      }
    }
  });

  test('lets single pixels be regions', () => {
    const options = { regionSizePx: 1, maxCandidates: 100, random: seededRandom('pixels') };
    const windows = randomRegions(Uint8Array.of(0, 1, 0, 0, 0, 1), { height: 2, width: 3 }, options);
    expect(windows.map(({ top, left }) => top * 3 + left).toSorted()).toEqual([0, 2, 3, 4]);
  });
});
