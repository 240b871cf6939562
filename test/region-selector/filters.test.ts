import { describe, expect, test } from 'vitest';
import { openGaussianFilter } from '../../services/region-selector/gaussian-filter.ts';
import { gaussianKernel } from '../../services/region-selector/gaussian-kernel.ts';
import { windowSum } from '../../services/region-selector/window-sum.ts';
import { randomInteger, seededRandom } from '../../services/shared/random.ts';
import { expectClose } from '../support/expect-close.ts';

const random = seededRandom('filters');
const randomMap = (length: number) => Float32Array.from({ length }, () => (random() < 0.3 ? 4 * random() : 0));

/** The definition: every pixel of the window, in two dimensions, zero outside. */
function filterByDefinition(
  map: Float32Array,
  height: number,
  width: number,
  weight: (i: number, j: number) => number,
  s: number,
) {
  const radius = (s - 1) / 2;
  return Float64Array.from(map, (_, pixel) => {
    let sum = 0;
    for (let j = 0; j < s; j++) {
      for (let i = 0; i < s; i++) {
        const y = Math.floor(pixel / width) + j - radius;
        const x = (pixel % width) + i - radius;
        if (y >= 0 && y < height && x >= 0 && x < width) sum += weight(j, i) * map[y * width + x]!;
      }
    }
    return sum;
  });
}

/** Opened, used once, closed. */
function gaussianFilter(
  map: Float32Array,
  size: { height: number; width: number },
  kernel: Float64Array,
): Float32Array {
  const filter = openGaussianFilter(size, kernel);
  try {
    return filter.filter(map);
  } finally {
    filter[Symbol.dispose]();
  }
}

describe('the Gaussian filter', () => {
  test('products with bands are the two-dimensional filter, also where the window is wider than the image', () => {
    for (let round = 0; round < 30; round++) {
      const size = { height: 1 + randomInteger(random, 12), width: 1 + randomInteger(random, 12) };
      const s = 1 + 2 * randomInteger(random, 8);
      const k = gaussianKernel({ regionSizePx: s, sigma: 2 });
      const map = randomMap(size.height * size.width);
      const expected = filterByDefinition(map, size.height, size.width, (j, i) => k[j]! * k[i]!, s);
      // Of at most 144 values up to 4 with weights up to 4, in single precision.
      expectClose(gaussianFilter(map, size, k), expected, 1e-3);
    }
  });

  test('one bright pixel paints the kernel around itself', () => {
    const k = Float64Array.of(1, 2, 1);
    const map = Float32Array.of(0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0);
    expect([...gaussianFilter(map, { height: 3, width: 4 }, k)]).toEqual([0, 3, 6, 3, 0, 6, 12, 6, 0, 3, 6, 3]);
  });

  test('zeros stay exactly zero and a kernel of one pixel changes nothing', () => {
    const size = { height: 9, width: 7 };
    const k = gaussianKernel({ regionSizePx: 5, sigma: 2 });
    expect(gaussianFilter(new Float32Array(63), size, k).every((value) => value === 0)).toBe(true);
    const map = randomMap(63);
    expect(gaussianFilter(map, size, Float64Array.of(1))).toEqual(map);
  });

  test('an even kernel and a map of another size are bugs', () => {
    const size = { height: 2, width: 2 };
    expect(() => gaussianFilter(new Float32Array(4), size, Float64Array.of(1, 1))).toThrow('an odd length, got 2');
    expect(() => gaussianFilter(new Float32Array(5), size, Float64Array.of(1))).toThrow('a map of 2x2, got 5 values');
  });
});

describe('windowSum', () => {
  test('is the filter with K = 1', () => {
    for (let round = 0; round < 60; round++) {
      const size = { height: 1 + randomInteger(random, 12), width: 1 + randomInteger(random, 12) };
      const s = 1 + 2 * randomInteger(random, 8);
      const map = randomMap(size.height * size.width);
      // Each of at most s^2 pixels is rounded to 2^-24.
      const expected = filterByDefinition(map, size.height, size.width, () => 1, s);
      expectClose(windowSum(map, size, s), expected, s * s * 2 ** -25 + 1e-12);
    }
  });

  test('equal windows have equal sums wherever they lie, and a window of zeros has exactly 0', () => {
    const size = { height: 7, width: 40 };
    const map = randomMap(size.height * size.width);
    const patch = randomMap(9);
    for (const left of [3, 30]) {
      for (let y = 2; y < 5; y++) map.set(patch.subarray((y - 2) * 3, (y - 1) * 3), y * size.width + left);
    }
    for (let y = 2; y < 5; y++) map.fill(0, y * size.width + 15, y * size.width + 18);
    const sums = windowSum(map, size, 3);
    const centre = 3 * size.width;
    expect(sums[centre + 4]).toBe(sums[centre + 31]);
    expect(sums[centre + 16]).toBe(0);
  });
});
